// Sigma rules over the events that the audit policy keeps, for whatever keeps logs: `sigma convert` writes its queries. Format:
// SigmaHQ/sigma-specification 2.0; the log source is that of SigmaHQ/sigma rules/application/kubernetes/audit.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";

export interface SigmaRule {
  readonly file: string;
  readonly rule: Fields;
}

interface Sketch {
  readonly name: string;
  /** Fixed: a rule keeps its id wherever it is emitted. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly level: "medium" | "high" | "critical";
  readonly tags: readonly string[];
  readonly detection: Fields;
  readonly falsePositives: readonly string[];
}

const SHELL_IN_POD: Sketch = {
  name: "shell-in-a-pod",
  id: "5d0b2c1e-6f1a-4d0e-9a53-0c3a1e7b8f02",
  title: "Shell or attachment in a pod",
  description: "Nobody but an administrator may, and a person should know of each.",
  level: "high",
  tags: ["attack.execution", "attack.t1609"],
  detection: {
    selection: {
      verb: ["create", "get"],
      "objectRef.resource": "pods",
      "objectRef.subresource": ["exec", "attach", "ephemeralcontainers"],
    },
    condition: "selection",
  },
  falsePositives: ["an administrator who looks for a fault"],
};

const ANONYMOUS_ACCESS: Sketch = {
  name: "anonymous-access",
  id: "5d0b2c1e-6f1a-4d0e-9a53-0c3a1e7b8f05",
  title: "Request without a name that was answered",
  description: "Health and version are not audited; nothing else is for everybody.",
  level: "critical",
  tags: ["attack.initial-access", "attack.t1190"],
  detection: {
    selection: { "user.username": "system:anonymous", "responseStatus.code": [200, 201] },
    condition: "selection",
  },
  falsePositives: ["none known"],
};

export function sigmaRules(cluster: PlannedCluster): SigmaRule[] {
  return sketches(cluster).map(({ name, falsePositives, ...sketch }) => ({
    file: `${name}.yml`,
    rule: {
      title: sketch.title,
      id: sketch.id,
      status: "stable",
      description: sketch.description,
      references: ["https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/"],
      author: cluster.platform,
      tags: sketch.tags,
      logsource: { category: "application", product: "kubernetes", service: "audit" },
      detection: sketch.detection,
      falsepositives: falsePositives,
      level: sketch.level,
    },
  }));
}

function sketches(cluster: PlannedCluster): Sketch[] {
  const usual = usualUsers(cluster);
  return [
    secretRead(cluster, usual),
    SHELL_IN_POD,
    adminGranted(usual),
    policyRemoved(usual),
    ANONYMOUS_ACCESS,
  ];
}

/** Who writes and reads on this cluster by design. */
function usualUsers({ workloads }: PlannedCluster): string[] {
  const controllers = workloads
    .filter(({ usesApi }) => usesApi)
    .map(({ namespace, serviceAccount }) => `system:serviceaccount:${namespace}:${serviceAccount}`);
  return [...new Set(["system:kube-controller-manager", "system:apiserver", ...controllers])];
}

function secretRead({ secrets, roles }: PlannedCluster, usual: readonly string[]): Sketch {
  const administrators = roles
    .filter(({ level }) => level === "cluster-admin")
    .flatMap(({ groups }) => groups);
  return {
    name: "secret-read-by-a-stranger",
    id: "5d0b2c1e-6f1a-4d0e-9a53-0c3a1e7b8f01",
    title: "Secret read by neither a controller nor an administrator",
    description:
      "Nobody else needs a value of the platform: pods get theirs mounted, and roles leave secrets out.",
    level: "high",
    tags: ["attack.credential-access", "attack.t1552.007"],
    detection: {
      selection: {
        verb: ["get", "list", "watch"],
        "objectRef.resource": "secrets",
        "objectRef.namespace": [
          ...new Set(secrets.flatMap(({ namespaces }) => namespaces)),
        ].toSorted(),
      },
      usual: { "user.username": usual },
      node: { "user.username|startswith": "system:node:" },
      ...(administrators.length === 0 ? {} : { administrator: { "user.groups": administrators } }),
      condition: `selection and not usual and not node${administrators.length === 0 ? "" : " and not administrator"}`,
    },
    falsePositives: ["a tool that was given rights beside the platform"],
  };
}

function adminGranted(usual: readonly string[]): Sketch {
  return {
    name: "cluster-admin-granted",
    id: "5d0b2c1e-6f1a-4d0e-9a53-0c3a1e7b8f03",
    title: "Rights of an administrator given away",
    description: "Every binding of the platform comes out of its repository.",
    level: "critical",
    tags: ["attack.privilege-escalation", "attack.t1098.006"],
    detection: {
      selection: {
        verb: ["create", "update", "patch"],
        "objectRef.resource": ["clusterrolebindings", "rolebindings"],
        "requestObject.roleRef.name": "cluster-admin",
      },
      usual: { "user.username": usual },
      condition: "selection and not usual",
    },
    falsePositives: ["the first set-up of a cluster"],
  };
}

function policyRemoved(usual: readonly string[]): Sketch {
  return {
    name: "policy-removed",
    id: "5d0b2c1e-6f1a-4d0e-9a53-0c3a1e7b8f04",
    title: "Network policy or admission rule removed by hand",
    description: "Only what delivers the platform removes them.",
    level: "high",
    tags: ["attack.defense-evasion", "attack.t1562.001"],
    detection: {
      selection: {
        verb: ["delete", "deletecollection"],
        "objectRef.resource": [
          "networkpolicies",
          "validatingadmissionpolicies",
          "validatingadmissionpolicybindings",
          "validatingwebhookconfigurations",
        ],
      },
      usual: { "user.username": usual },
      condition: "selection and not usual",
    },
    falsePositives: ["an environment that is being torn down"],
  };
}
