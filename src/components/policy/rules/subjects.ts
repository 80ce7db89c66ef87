// The kinds a rule looks at, as the API server's rules and as Gatekeeper's matches name them.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Subjects } from "./rule.ts";

export interface SubjectGroup {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly string[];
  readonly kinds: readonly string[];
}

const POD: SubjectGroup = { group: "", version: "v1", resources: ["pods"], kinds: ["Pod"] };
const APPS: SubjectGroup = {
  group: "apps",
  version: "v1",
  resources: ["deployments", "statefulsets", "daemonsets"],
  kinds: ["Deployment", "StatefulSet", "DaemonSet"],
};
const BATCH: SubjectGroup = {
  group: "batch",
  version: "v1",
  resources: ["jobs", "cronjobs"],
  kinds: ["Job", "CronJob"],
};

export const SUBJECTS: Readonly<Record<Subjects, readonly SubjectGroup[]>> = {
  pods: [POD, APPS, BATCH],
  workloads: [APPS, { ...BATCH, resources: ["cronjobs"], kinds: ["CronJob"] }],
  services: [{ group: "", version: "v1", resources: ["services"], kinds: ["Service"] }],
  rights: [
    {
      group: "rbac.authorization.k8s.io",
      version: "v1",
      resources: ["roles"],
      kinds: ["Role"],
    },
  ],
};

export function isSubject(subjects: Subjects, { apiVersion, kind }: KubernetesObject): boolean {
  return SUBJECTS[subjects].some(
    ({ group, version, kinds }) =>
      apiVersion === (group === "" ? version : `${group}/${version}`) && kinds.includes(kind),
  );
}
