// Where apps send what they tell of themselves: the variables every OpenTelemetry SDK reads. What an app sets itself wins.
// Source: opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { EmitContext } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { podSpecPath, replaceAt } from "../../posture/restricted/pod-spec.ts";

export function withTelemetryVariables(
  object: KubernetesObject,
  { cluster }: Pick<EmitContext, "cluster">,
  endpoint: string,
): KubernetesObject {
  const { name, namespace } = object.metadata;
  const app = cluster.apps.find((one) => one.name === name && one.namespace === namespace);
  const path = podSpecPath(object);
  if (app === undefined || path === undefined) return object;
  const variables = [
    { name: "OTEL_SERVICE_NAME", value: app.name },
    { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: endpoint },
    { name: "OTEL_EXPORTER_OTLP_PROTOCOL", value: "http/protobuf" },
    {
      name: "OTEL_RESOURCE_ATTRIBUTES",
      value: `service.namespace=${cluster.platform},deployment.environment.name=${cluster.environment}`,
    },
  ];
  return replaceAt(object, path, (spec) => ({
    ...spec,
    containers: listOf(spec["containers"]).map((container) =>
      container["name"] === app.name ? withVariables(container, variables) : container,
    ),
  }));
}

function withVariables(container: Fields, variables: readonly Fields[]): Fields {
  const own = listOf(container["env"]);
  const names = new Set(own.map(({ name }) => name));
  return { ...container, env: [...variables.filter(({ name }) => !names.has(name)), ...own] };
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
