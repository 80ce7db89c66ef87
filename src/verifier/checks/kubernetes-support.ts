// A Kubernetes that gets no fixes any more, as far as the catalogue knows: judged on its own date, so that a check says the same
// tomorrow, and newer catalogues say more.

import { KUBERNETES_MINORS } from "../../catalog/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import type { Check } from "../target-view.ts";

export const kubernetesPastSupport = defineDiagnostic<{
  kubernetes: string;
  since: string | undefined;
  newest: readonly string[];
}>({
  code: "verify/kubernetes-past-support",
  severity: "warning",
  message: ({ kubernetes, since }) =>
    since === undefined
      ? `Kubernetes ${kubernetes} is older than everything upstream still fixes`
      : `Kubernetes ${kubernetes} gets no fixes upstream since ${since}`,
  hint: ({ newest }) => `choose ${newest.join(" or ")}`,
});

export const checkKubernetesSupport: Check = function* ({ cluster }) {
  const { kubernetes } = cluster.substrate;
  if (kubernetes === undefined) return;
  const [major, minor] = kubernetes.split(".");
  const known = KUBERNETES_MINORS.find((one) => one.minor === `${major}.${minor}`);
  const asOf = KUBERNETES_MINORS.map(({ date }) => date).reduce((a, b) => (a > b ? a : b));
  const oldest = KUBERNETES_MINORS.map((one) => numberOf(one.minor)).reduce((a, b) =>
    Math.min(a, b),
  );
  const isPast = known === undefined ? Number(minor) < oldest : known.endOfLife < asOf;
  if (!isPast) return;
  const newest = KUBERNETES_MINORS.filter(({ endOfLife }) => endOfLife >= asOf);
  yield kubernetesPastSupport(["clusters", cluster.name, "kubernetes"], {
    kubernetes,
    since: known?.endOfLife,
    newest: newest.map((one) => one.minor).toSorted((a, b) => numberOf(a) - numberOf(b)),
  });
};

/** `1.35` → 35. */
const numberOf = (minor: string): number => Number(minor.split(".")[1]);
