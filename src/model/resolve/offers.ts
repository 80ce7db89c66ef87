// What the chosen systems serve to each other, asked before their surfaces: a shipper's flow needs to know where logs go.

import type { AuthorityDemand, CertificateDemand } from "../contracts/certificate.ts";
import type { Offer } from "../contracts/offer.ts";
import type { Choices } from "./choices.ts";
import type { Resolution } from "./resolve-plan.ts";

export function gatherOffers(
  { report }: Pick<Resolution, "report">,
  { cluster, filled, provided }: Choices,
): Offer[] {
  return [...filled, ...provided].flatMap(
    ({ component, choice }) =>
      component.offers?.({ cluster, path: choice.path, report }, choice.options) ?? [],
  );
}

/** Asked early for the same reason: whoever issues them answers questions through the ingress. */
export function gatherCertificates(
  { report }: Pick<Resolution, "report">,
  { cluster, filled, provided }: Choices,
): CertificateDemand[] {
  return [...filled, ...provided].flatMap(
    ({ component, choice }) =>
      component.certificates?.({ cluster, path: choice.path, report }, choice.options) ?? [],
  );
}

export function gatherAuthorities(
  { report }: Pick<Resolution, "report">,
  { cluster, filled, provided }: Choices,
): AuthorityDemand[] {
  return [...filled, ...provided].flatMap(
    ({ component, choice }) =>
      component.authorities?.({ cluster, path: choice.path, report }, choice.options) ?? [],
  );
}
