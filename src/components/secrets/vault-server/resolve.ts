// Whether a server of these options could start, stay and come back on this cluster.

import type { ResolveContext } from "../../../model/index.ts";
import {
  evenQuorum,
  keyOutOfReach,
  opensByHand,
  ownCertificateInside,
  tooFewNodes,
} from "./diagnostics.ts";
import type { Flavour } from "./flavour.ts";
import type { Unseal, VaultServerOptions } from "./options.ts";

/** Sites whose pods can have an identity that the key's owner knows. */
const CLOUD_OF: Readonly<Record<Exclude<Unseal["kind"], "transit">, string>> = {
  "aws-kms": "aws",
  "gcp-kms": "gcp",
  "azure-key-vault": "azure",
};

const REMEDIES: Readonly<Record<string, string>> = {
  aws: 'awsKms({ region: "<region>", key: "<key id>" })',
  gcp: 'gcpKms({ project: "<project>", location: "<location>", keyRing: "<ring>", key: "<key>" })',
  azure: 'azureKeyVault({ tenant: "<tenant>", vault: "<name>", key: "<key>" })',
};

export const settleServer =
  ({ displayName }: Flavour) =>
  ({ cluster, path, report }: ResolveContext, options: VaultServerOptions): VaultServerOptions => {
    const onLaptop = cluster.site.kind === "developer-machine";
    const { replicas = cluster.scale === "single" ? 1 : 3, tls = !onLaptop, unseal } = options;
    if (replicas % 2 === 0) report(evenQuorum([...path, "replicas"], { replicas }));
    const nodes = schedulable(cluster);
    if (replicas > 1 && nodes < replicas)
      report(tooFewNodes(path, { replicas, nodes, cluster: cluster.name }));
    const startsFrom = cluster.slots.some(({ provides }) => provides.includes("firstSecrets"));
    if (tls && !startsFrom) report(ownCertificateInside(path, { system: displayName }));
    if (unseal === undefined && cluster.scale !== "single") {
      const remedy =
        REMEDIES[cluster.site.kind] ?? 'transit({ address: "https://…:8200", key: "<key>" })';
      report(opensByHand(path, { system: displayName, remedy }));
    }
    if (unseal !== undefined && unseal.kind !== "transit") {
      const { name, kind } = cluster.site;
      if (CLOUD_OF[unseal.kind] !== kind)
        report(keyOutOfReach([...path, "unseal"], { unseal: unseal.kind, site: name, kind }));
    }
    return { ...options, replicas, tls };
  };

function schedulable({ nodes }: ResolveContext["cluster"]): number {
  return nodes
    .filter(({ dedicated = false }) => !dedicated)
    .reduce((sum, { count }) => sum + count, 0);
}
