// The webhook. Mirrors hashicorp/vault-k8s agent-inject/agent/{agent,container_volume,annotations}.go: two containers, their homes
// and a volume for each folder of secrets; who is injected already is left alone.

import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
  Pod,
} from "../../../../kubernetes/index.ts";
import { injectorAway, isNewPod } from "../../../mesh/sidecar.ts";
import { PREFIX, TOKEN_VOLUME } from "../annotations.ts";
import { ASKS, NAMESPACE, WORKLOAD } from "../surface.ts";
import { renderedFiles, renderedName } from "./rendered-files.ts";

export const STATUS = `${PREFIX}/agent-inject-status`;
const INIT = "vault-agent-init";
const AGENT = "vault-agent";

export const agentInjector: AdmissionPlugin = {
  name: PREFIX,
  handles: isNewPod,
  mutate(request) {
    const pod = request.object as Pod | undefined;
    const { annotations = {} } = pod?.metadata ?? {};
    const isAsked = isCalled(request) && annotations[`${PREFIX}/agent-inject`] === "true";
    if (pod === undefined || !isAsked || annotations[STATUS] !== undefined) return undefined;
    return injected(pod);
  },
};

/** Its webhook fails closed. */
export const agentInjectorAway: AdmissionPlugin = injectorAway(
  PREFIX,
  { name: `${WORKLOAD}-svc`, namespace: NAMESPACE, path: "/mutate" },
  isCalled,
);

/** The webhook's own selector. */
function isCalled({ object }: AdmissionRequest): boolean {
  const labels = object?.metadata.labels ?? {};
  return Object.entries(ASKS).every(([key, value]) => labels[key] === value);
}

function injected(pod: Pod): KubernetesObject {
  const { metadata, spec } = pod;
  const { annotations = {} } = metadata;
  const folders = new Map<string, string>();
  const files = renderedFiles(annotations);
  for (const { folder } of files)
    if (!folders.has(folder)) folders.set(folder, `vault-secrets-custom-${folders.size}`);
  const mounts = [...folders].map(([mountPath, name]) => ({ name, mountPath, readOnly: true }));
  const of = (name: string, home: string) =>
    container(name, annotations, [
      { name: home, mountPath: "/home/vault" },
      { name: TOKEN_VOLUME, mountPath: "/var/run/secrets/vault.hashicorp.com", readOnly: true },
      ...mounts,
    ]);
  return {
    ...pod,
    metadata: { ...metadata, annotations: { ...annotations, [STATUS]: "injected" } },
    spec: {
      ...spec,
      initContainers: [...(spec.initContainers ?? []), of(INIT, "home-init")],
      containers: [
        ...spec.containers.map((one) => ({
          ...one,
          volumeMounts: [...(one.volumeMounts ?? []), ...mounts],
        })),
        of(AGENT, "home-sidecar"),
      ],
      volumes: [
        ...(spec.volumes ?? []),
        ...["home-init", "home-sidecar"].map((name) => ({ name, emptyDir: { medium: "Memory" } })),
        ...[...folders].map(([folder, name]) => ({
          name,
          secret: {
            secretName: renderedName(spec.serviceAccountName),
            items: files
              .filter((file) => file.folder === folder)
              .map(({ id, file }) => ({ key: id, path: file })),
          },
        })),
      ],
    },
  };
}

type Container = Pod["spec"]["containers"][number];

function container(
  name: string,
  annotations: Readonly<Record<string, string>>,
  volumeMounts: NonNullable<Container["volumeMounts"]>,
): Container {
  const said = (key: string, usual: string): string => annotations[`${PREFIX}/${key}`] ?? usual;
  return {
    name,
    image: said("agent-image", "hashicorp/vault"),
    command: ["/bin/sh", "-ec"],
    args: ["vault agent -config=/home/vault/config.json"],
    resources: {
      requests: {
        cpu: said("agent-requests-cpu", "250m"),
        memory: said("agent-requests-mem", "64Mi"),
      },
      limits: { cpu: said("agent-limits-cpu", "500m"), memory: said("agent-limits-mem", "128Mi") },
    },
    ...CONFINED,
    volumeMounts,
  };
}

const CONFINED = {
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsGroup: 1000,
    runAsNonRoot: true,
    runAsUser: 100,
    seccompProfile: { type: "RuntimeDefault" },
  },
};
