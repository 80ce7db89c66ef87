// Says whether an issuer can sign. Mirrors cert-manager pkg/issuer/{ca,selfsigned,acme}/setup.go, v1.21; an ACME account is never
// registered anywhere, and the condition says so.

import type {
  ControllerFactory,
  Informer,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import {
  CLUSTER_ISSUER,
  ISSUER_NAMESPACE,
  SECRET,
  writeReady,
  type ClusterIssuer,
  type ReadyCondition,
} from "./resources.ts";

export const issuerController: ControllerFactory = (context) => {
  const issuers = context.informer(CLUSTER_ISSUER);
  const secrets = context.informer(SECRET);
  return {
    name: "clusterissuers",
    setup(enqueue) {
      issuers.onChange((current) => current && enqueue(current.metadata.name));
      secrets.onChange((current, old) => {
        const name = (current ?? old)?.metadata.name;
        for (const issuer of issuers.list())
          if ((issuer as ClusterIssuer).spec.ca?.secretName === name) enqueue(issuer.metadata.name);
      });
    },
    async reconcile(name) {
      const issuer = issuers.get(name) as ClusterIssuer | undefined;
      if (issuer === undefined || issuer.metadata.deletionTimestamp !== undefined) return;
      await writeReady(context, issuer, readinessOf(issuer, secrets));
    },
  };
};

type Readiness = Pick<ReadyCondition, "status" | "reason" | "message">;

function readinessOf({ spec }: ClusterIssuer, secrets: Informer): Readiness {
  if (spec.ca !== undefined) return authorityReadiness(spec.ca.secretName, secrets);
  if (spec.selfSigned !== undefined) return { status: "True", reason: "IsReady", message: "" };
  return {
    status: "True",
    reason: "ACMEAccountRegistered",
    message: "simulated: no ACME server is asked, an authority of this cluster signs",
  };
}

function authorityReadiness(secretName: string, secrets: Informer): Readiness {
  if (hasKeyPair(secrets.get(secretName, ISSUER_NAMESPACE)))
    return { status: "True", reason: "KeyPairVerified", message: "Signing CA verified" };
  return {
    status: "False",
    reason: "ErrGetKeyPair",
    message: `Error getting keypair for CA issuer: secret "${secretName}" not found`,
  };
}

function hasKeyPair(secret: KubernetesObject | undefined): boolean {
  const data = (secret?.["data"] ?? {}) as Readonly<Record<string, string>>;
  return data["tls.crt"] !== undefined && data["tls.key"] !== undefined;
}
