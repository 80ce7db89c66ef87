// The mesh's own authority: made once and kept in a Secret, its certificate in every namespace. Mirrors istio/istio 1.30.3
// security/pkg/pki/ca/ca.go and pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go.

import { isRecord, DAY_MS } from "../../../../core/index.ts";
import { isNotFound, type ControllerFactory, type KubeApi } from "../../../../kubernetes/index.ts";
import type { CertificateSigning } from "../../../../model/index.ts";
import { NAMESPACE } from "../surface.ts";
import { AUTHORITY_KEYS, AUTHORITY_SECRET } from "../trust.ts";

export const ROOT_CONFIG_MAP = "istio-ca-root-cert";
const ROOT_KEY = "root-cert.pem";
/** Ten years, the default of CITADEL_SELF_SIGNED_CA_CERT_TTL. */
const LIFETIME_MS = 3650 * DAY_MS;
const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" } as const;
const NAMESPACES = { apiVersion: "v1", kind: "Namespace" } as const;
const IGNORED = ["kube-public", "kube-node-lease", "local-path-storage"];

export function rootCertificates(signing: CertificateSigning): ControllerFactory {
  return (context) => {
    const { api, clock } = context;
    const namespaces = context.informer(NAMESPACES);
    const configMaps = context.informer(CONFIG_MAP);
    let root: Promise<string> | undefined;
    const forget = (): void => void (root = undefined);
    return {
      name: "istio-root-certificates",
      setup(enqueue) {
        namespaces.onChange((current) => current && enqueue(current.metadata.name));
        configMaps.onChange((current, old) => {
          const { name, namespace = "" } = (current ?? old)?.metadata ?? {};
          if (name === ROOT_CONFIG_MAP) enqueue(namespace);
        });
      },
      async reconcile(namespace) {
        const found = namespaces.get(namespace);
        if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
        if (IGNORED.includes(namespace)) return;
        root ??= authority(api, signing, clock.now());
        // All namespaces are looked at together; what failed is tried again for each.
        root.catch(forget);
        const data = { [ROOT_KEY]: await root };
        const known = configMaps.get(ROOT_CONFIG_MAP, namespace);
        const held = known?.["data"];
        if (isRecord(held) && held[ROOT_KEY] === data[ROOT_KEY]) return;
        const metadata = {
          name: ROOT_CONFIG_MAP,
          namespace,
          labels: { "istio.io/config": "true" },
        };
        if (known === undefined) await api.create({ ...CONFIG_MAP, metadata, data });
        else
          await api.patch(
            { ...CONFIG_MAP, name: ROOT_CONFIG_MAP, namespace },
            { type: "merge", body: { data } },
          );
      },
    };
  };
}

/** PEM of its certificate. */
async function authority(api: KubeApi, signing: CertificateSigning, now: number): Promise<string> {
  const ref = { apiVersion: "v1", kind: "Secret", name: AUTHORITY_SECRET, namespace: NAMESPACE };
  try {
    const { data } = await api.get(ref);
    if (isRecord(data)) return decode(String(data[AUTHORITY_KEYS.certificate]));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const made = signing.createAuthority({
    commonName: "cluster.local",
    now,
    lifetimeMs: LIFETIME_MS,
  });
  await api.create({
    apiVersion: "v1",
    kind: "Secret",
    type: "istio.io/ca-root",
    metadata: { name: AUTHORITY_SECRET, namespace: NAMESPACE },
    data: {
      [AUTHORITY_KEYS.certificate]: encode(made.certificatePem),
      [AUTHORITY_KEYS.key]: encode(made.keyPem),
    },
  });
  return made.certificatePem;
}

const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64");
const decode = (text: string): string => Buffer.from(text, "base64").toString("utf8");
