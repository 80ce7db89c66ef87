// Strimzi: Kafka of several brokers by an operator, topics and users as objects. Values as in strimzi-kafka-operator 1.2.0
// packaging/helm-charts/helm3/strimzi-kafka-operator.

import type {
  Binding,
  EmitContext,
  Emission,
  PlannedCluster,
  PlannedStream,
  ResolveContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { streamVariables } from "../../bindings/index.ts";
import { chartRelease, emitterFor, type Fields } from "../../manifests/index.ts";
import { streamSecretId, streamSecretName } from "../stream-secret.ts";
import { kafkaObject, poolObject, topicObject, userObject } from "./objects.ts";
import { strimziSchema, type StrimziOptions } from "./options.ts";
import {
  BROKERS,
  CHART,
  CLIENT_PORT,
  COMPONENT,
  KAFKA,
  NAMESPACE,
  operatorReplicas,
  RESOURCES,
  strimziSurface,
} from "./surface.ts";

const AREA = "infrastructure/messaging";

export const strimziProvider = defineProvider<PlannedStream, StrimziOptions>({
  name: COMPONENT,
  serves: "stream",
  area: AREA,
  provides: ["stream"],
  options: strimziSchema,
  bind: bindStrimzi,
  surface: strimziSurface,
  emit: emitStrimzi,
  crds: async () => [(await import("./crds.facts.ts")).strimziCrdFacts],
  apiGroups: ["core.strimzi.io", "kafka.strimzi.io"],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function bindStrimzi(
  _context: ResolveContext,
  stream: Unbound<PlannedStream>,
): Omit<Binding, "intent"> {
  return {
    endpoint: { kind: "workload", namespace: NAMESPACE, name: BROKERS },
    port: CLIENT_PORT,
    application: "kafka",
    encryption: "none",
    env: streamVariables(stream.name, {
      brokers: [`${KAFKA}-kafka-bootstrap.${NAMESPACE}.svc:${CLIENT_PORT}`],
      topic: stream.name,
      tls: false,
      secret: streamSecretName(stream),
    }),
    secrets: [streamSecretId(stream)],
  };
}

function emitStrimzi(
  context: EmitContext,
  streams: readonly PlannedStream[],
  options: StrimziOptions,
): Emission {
  const { cluster, path } = context;
  const emitted = emitterFor(AREA, path);
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: CHART,
        namespace: NAMESPACE,
        area: AREA,
        values: operatorValues(cluster),
      }),
    ],
    objects: [
      emitted(kafkaObject(cluster, streams)),
      emitted(poolObject(cluster, streams, options)),
      ...streams.flatMap((stream) => {
        const emittedFor = emitterFor(AREA, stream.origin);
        return [emittedFor(topicObject(cluster, stream)), emittedFor(userObject(cluster, stream))];
      }),
    ],
  };
}

function operatorValues(cluster: PlannedCluster): Fields {
  return {
    replicas: operatorReplicas(cluster),
    resources: RESOURCES.operator,
    // The platform's own policies allow exactly what its graph has; the operator's would let every pod in.
    generateNetworkPolicy: false,
    // Without it the pods it makes do not fit a namespace that enforces `restricted`.
    extraEnvs: [{ name: "STRIMZI_POD_SECURITY_PROVIDER_CLASS", value: "restricted" }],
    podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}
