// Who people sign in with: what a person wrote, else whoever signs people in on the platform, under the name of Argo CD's own page.

import type { Path } from "../../../core/index.ts";
import type { Flow, Offer, PlannedCluster } from "../../../model/index.ts";
import type { ArgocdOidc, ArgocdOptions } from "./options.ts";

/** Clients of pages are called as their routes are. */
const CLIENT = "argocd";
const FORM = "openid-connect";

export function signInOf(
  { oidc }: ArgocdOptions,
  { offers }: Pick<PlannedCluster, "offers">,
): Readonly<ArgocdOidc> | undefined {
  if (oidc !== undefined) return oidc;
  const offer = offers.find(
    ({ capability, form }: Offer) => capability === "signIn" && form === FORM,
  );
  return offer && { issuer: offer.url, clientId: CLIENT };
}

/** The server reads the issuer's keys, and turns codes into tokens there. */
export function signInFlow(
  options: ArgocdOptions,
  cluster: Pick<PlannedCluster, "offers">,
  origin: Path,
): Flow[] {
  const oidc = signInOf(options, cluster);
  if (oidc === undefined) return [];
  const { hostname, port } = new URL(oidc.issuer);
  return [
    {
      name: "argocd-server-to-sign-in",
      from: { kind: "workload", namespace: "argocd", name: "argocd-server" },
      to: { kind: "external", name: hostname, addresses: [] },
      port: port === "" ? 443 : Number(port),
      protocol: "TCP",
      purpose: "internal",
      application: "https",
      encryption: "tls",
      origin,
    },
  ];
}
