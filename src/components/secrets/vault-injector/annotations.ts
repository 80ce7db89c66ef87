// What an app's pods say to the injector: who signs in, what is read, and into which file each key goes. Annotations:
// hashicorp/vault-k8s agent-inject/agent/annotations.go; the pod's own token is off, so one for Vault alone is mounted.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { isRecord, type Path } from "../../../core/index.ts";
import type { PlannedApp, PlannedCluster } from "../../../model/index.ts";
import type { VaultInjectorOptions } from "./options.ts";
import {
  AGENT,
  agentImage,
  ASKS,
  AUTHORITY,
  AUTHORITY_KEY,
  injectedSecrets,
  serverBeside,
} from "./surface.ts";

export const PREFIX = "vault.hashicorp.com";
export const TOKEN_VOLUME = "vault-token";
/** Roles that Keelson writes ask for it. */
const AUDIENCE = "vault";
/** As long as a kubelet's tokens usually are; the agent reads it again for each sign-in. */
const TOKEN_SECONDS = 3600;

type Texts = Record<string, string>;

export function agentAnnotations(
  cluster: PlannedCluster,
  app: PlannedApp,
  path: Path,
  options: VaultInjectorOptions,
): Texts {
  const secrets = injectedSecrets(app, path);
  const authority = serverBeside(options, cluster.offers)?.authority;
  const named: Texts = {
    "agent-inject": "true",
    role: app.name,
    "auth-path": options.auth,
    "agent-service-account-token-volume-name": TOKEN_VOLUME,
    "agent-image": agentImage(cluster),
    "agent-requests-cpu": AGENT.requests.cpu,
    "agent-requests-mem": AGENT.requests.memory,
    "agent-limits-cpu": AGENT.limits.cpu,
    "agent-limits-mem": AGENT.limits.memory,
    ...(authority === undefined
      ? {}
      : { "tls-secret": AUTHORITY, "ca-cert": `/vault/tls/${AUTHORITY_KEY}` }),
  };
  for (const { name, keys } of secrets) {
    const id = `apps.${app.name}.${name}`;
    const stored = cluster.secrets.find((one) => one.id === id)?.storedAt ?? "";
    const at = `${options.mount}/data/${stored}`;
    keys.forEach((key, index) => {
      // Names of annotations are lower-case to the injector, and keys of secrets are not.
      const file = `${name}-${index}`;
      named[`agent-inject-secret-${file}`] = at;
      named[`agent-inject-file-${file}`] = key;
      named[`agent-inject-template-${file}`] = template(at, key);
      named[`secret-volume-path-${file}`] = `/etc/secrets/${name}`;
    });
  }
  return Object.fromEntries(
    Object.entries(named).map(([key, value]) => [`${PREFIX}/${key}`, value]),
  );
}

/** The value alone, without a line's end. */
const template = (path: string, key: string): string =>
  `{{- with secret "${path}" -}}{{ index .Data.data "${key}" }}{{- end -}}`;

/** Deployments and what stands for them: anything of the app's name with a pod template. */
export function withAgent(object: KubernetesObject, annotations: Texts): KubernetesObject {
  const spec = recordOf(object["spec"]);
  const template = recordOf(spec["template"]);
  const metadata = recordOf(template["metadata"]);
  const pod = recordOf(template["spec"]);
  const volumes = Array.isArray(pod["volumes"]) ? pod["volumes"] : [];
  const source = {
    serviceAccountToken: { audience: AUDIENCE, expirationSeconds: TOKEN_SECONDS, path: "token" },
  };
  return {
    ...object,
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: {
          ...metadata,
          labels: { ...recordOf(metadata["labels"]), ...ASKS },
          annotations: { ...recordOf(metadata["annotations"]), ...annotations },
        },
        spec: {
          ...pod,
          volumes: [...volumes, { name: TOKEN_VOLUME, projected: { sources: [source] } }],
        },
      },
    },
  };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : {};
