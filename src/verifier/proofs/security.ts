// Rights, pod security and secrets.

import { rulesOf } from "../../components/index.ts";
import { count } from "../../core/index.ts";
import { examinedGrants, checkRights } from "../checks/rights.ts";
import { checkPinnedImages } from "../checks/pinned-images.ts";
import { checkPodSecurity } from "../checks/pod-security.ts";
import { checkPolicyRules, subjectsOf } from "../checks/policy-rules.ts";
import { checkPlaintextSecrets } from "../checks/plaintext-secrets.ts";
import { checkSecretOwners } from "../checks/secret-owners.ts";
import { isReadFromStore, unsealedKeys } from "../checks/unsealed-secrets.ts";
import { checkWildcardRights } from "../checks/wildcard-rights.ts";
import type { TargetView } from "../target-view.ts";
import type { Prove } from "./proof.ts";
import { provedBy } from "./proof.ts";

export const proveRights = provedBy(
  [checkRights, checkWildcardRights],
  "nobody can raise their own rights",
  (view) => {
    const subjects = new Set(examinedGrants(view).map(({ subject }) => subject));
    return `${count(subjects.size, "subject")} besides administrators, 0 ways to more rights`;
  },
);

export const provePodSecurity = provedBy(
  [checkPodSecurity],
  "pods run restricted",
  ({ cluster, graph }) => {
    const levels = new Map(cluster.namespaces.map(({ name, podSecurity }) => [name, podSecurity]));
    const restricted = graph.workloads.filter(
      ({ namespace }) => levels.get(namespace) === "restricted",
    );
    const others = cluster.namespaces.filter(({ podSecurity }) => podSecurity !== "restricted");
    const named = others.map(({ name, podSecurity }) => `; ${name} is ${podSecurity}`).join("");
    const total = count(graph.workloads.length, "workload");
    return `${restricted.length} of ${total}, enforced by their namespaces${named}`;
  },
);

const provedRules = provedBy(
  [checkPolicyRules],
  "our own objects keep the platform's rules",
  (view) => {
    const rules = rulesOf(view.cluster);
    const asked = rules.map(({ rule, except }) => subjectsOf(view, rule.subjects, except).length);
    const verdicts = asked.reduce((sum, each) => sum + each, 0);
    return `${count(rules.length, "rule")} evaluated, ${count(verdicts, "verdict")}`;
  },
);

/** Only where there are rules. */
export const proveRules: Prove = (view) =>
  rulesOf(view.cluster).length === 0 ? [] : provedRules(view);

export const proveSecrets = provedBy(
  [checkPlaintextSecrets, checkSecretOwners],
  "no secret in the clear",
  (view) => {
    const stored = view.cluster.secrets.filter((secret) => isReadFromStore(secret, view));
    const secrets = view.cluster.secrets.filter((secret) => !stored.includes(secret));
    const sealed = secrets.filter((secret) => unsealedKeys(secret, view).length === 0);
    const searched = count(view.objects.length + view.charts.length, "object");
    const elsewhere = stored.length === 0 ? "" : `; ${count(stored.length, "secret")} in a store`;
    return `${searched} searched; ${sealed.length} of ${count(secrets.length, "secret")} sealed${elsewhere}`;
  },
);

export const provePinned = provedBy([checkPinnedImages], "versions are pinned", (view) => {
  const images = new Set(imagesOf(view));
  return `${count(images.size, "image")}, ${count(view.charts.length, "chart")}`;
});

function imagesOf({ pods }: TargetView): string[] {
  return pods.flatMap(({ containers }) => containers.map(({ image }) => image));
}
