// What the agents of an account write, read again every five minutes as Vault Agent reads what has no lease
// (template_config.static_secret_render_interval). A value that is missing keeps the pod waiting, as the init container does.

import { deepEqual } from "../../../../core/index.ts";
import type { ControllerFactory, KindRef, Pod } from "../../../../kubernetes/index.ts";
import type { SecretStore } from "../../../../model/index.ts";
import { STATUS } from "./inject.ts";
import { renderedFiles, renderedName, type RenderedFile } from "./rendered-files.ts";

const POD: KindRef = { apiVersion: "v1", kind: "Pod" };
const SECRET: KindRef = { apiVersion: "v1", kind: "Secret" };
const RENDER_INTERVAL_MS = 300_000;
/** Vault Agent's first back-off. */
const RETRY_MS = 1_000;
const SIMULATED = "keelson.dev/simulated";

export function renderedSecrets(store: SecretStore | undefined): ControllerFactory {
  return (context) => {
    const pods = context.informer(POD);
    const asking = (namespace: string, account: string): Pod[] =>
      (pods.list(namespace) as readonly Pod[]).filter(
        (pod) => isInjected(pod) && (pod.spec.serviceAccountName ?? "default") === account,
      );
    return {
      name: "vault-agents",
      setup: (enqueue) =>
        pods.onChange((current, old) => {
          const pod = (current ?? old) as Pod | undefined;
          if (pod === undefined || !isInjected(pod)) return;
          // Not every beat of a pod's life: when it comes and when it goes.
          if (current !== undefined && old !== undefined) return;
          enqueue(`${pod.metadata.namespace}/${pod.spec.serviceAccountName ?? "default"}`);
        }),
      async reconcile(key) {
        const [namespace = "", account = ""] = key.split("/");
        const own = asking(namespace, account);
        const ref = { ...SECRET, namespace, name: renderedName(account) };
        if (own.length === 0) {
          await context.api.delete(ref).catch(() => undefined);
          return;
        }
        const files = own.flatMap(({ metadata }) => renderedFiles(metadata.annotations ?? {}));
        const data = valuesOf(files, store);
        if (data === undefined) {
          const [pod] = own;
          const message = "error fetching secret: no value at the path";
          if (pod !== undefined) context.event(pod, "Warning", "VaultAgentTemplate", message);
          return { requeueAfterMs: RETRY_MS };
        }
        const before = await context.api.get(ref).catch(() => undefined);
        if (!deepEqual(before?.["data"], data)) {
          const metadata = { name: ref.name, namespace, labels: { [SIMULATED]: "true" } };
          const secret = { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata, data };
          await context.api.apply(secret, { fieldManager: "vault-agent", force: true });
        }
        return { requeueAfterMs: RENDER_INTERVAL_MS };
      },
    };
  };
}

const isInjected = ({ metadata }: Pod): boolean => metadata.annotations?.[STATUS] === "injected";

/** Undefined when a single value is missing. */
function valuesOf(
  files: readonly RenderedFile[],
  store: SecretStore | undefined,
): Record<string, string> | undefined {
  const data: Record<string, string> = {};
  for (const { id, path, key } of files) {
    const found = key === undefined ? undefined : store?.read(path)?.[key];
    if (found === undefined) return undefined;
    data[id] = Buffer.from(found, "utf8").toString("base64");
  }
  return data;
}
