// Pods a namespace refuses, privileges without a reason, and rights that grow.

import { describeChecks } from "../testing/check-rows.ts";
import {
  web,
  binding,
  role,
  confined,
  global,
  hardened,
  privileged,
  group,
} from "../testing/objects.ts";
import { checkPodSecurity } from "./pod-security.ts";
import { checkRights } from "./rights.ts";
import { checkWildcardRights } from "./wildcard-rights.ts";

describeChecks([
  {
    name: "a pod its namespace refuses",
    check: checkPodSecurity,
    broken: { objects: [web({ securityContext: confined })] },
    codes: ["verify/refused-pod", "verify/refused-pod"],
    repaired: { objects: [web({ securityContext: confined }, { securityContext: hardened })] },
  },
  {
    name: "privileges nobody explains",
    check: checkPodSecurity,
    broken: { cluster: { namespaces: [privileged] } },
    codes: ["verify/unexplained-privilege"],
    repaired: { cluster: { namespaces: [{ ...privileged, podSecurityReason: "needs the node" }] } },
  },
  {
    name: "a role that may bind others",
    check: checkRights,
    broken: {
      objects: [
        binding("Role", "r", group),
        role({ apiGroups: ["*"], resources: ["*"], verbs: ["bind"] }),
      ],
    },
    codes: ["verify/escalation"],
    repaired: {
      objects: [
        binding("Role", "r", group),
        role({ apiGroups: [""], resources: ["pods"], verbs: ["create"] }),
      ],
    },
  },
  {
    name: "rights that are not spelled out",
    check: checkWildcardRights,
    broken: {
      objects: [
        binding("Role", "r", group),
        role({ apiGroups: ["apps"], resources: ["*"], verbs: ["get"] }),
        global("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "all", {
          roleRef: {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "ClusterRole",
            name: "cluster-admin",
          },
          subjects: [{ kind: "ServiceAccount", name: "web", namespace: "shop" }],
        }),
      ],
    },
    codes: ["verify/wildcard-right", "verify/wildcard-right"],
    repaired: {
      objects: [
        binding("Role", "r", group),
        role({ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] }),
        global("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "all", {
          roleRef: {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "ClusterRole",
            name: "cluster-admin",
          },
          subjects: [group],
        }),
      ],
      cluster: {
        roles: [
          { name: "all", level: "cluster-admin", groups: [group.name], origin: ["roles", "all"] },
        ],
      },
    },
  },
  {
    name: "pods beside the platform's",
    check: checkRights,
    broken: {
      objects: [
        {
          ...binding("ClusterRole", "edit", group),
          metadata: { name: "b", namespace: "kube-system" },
        },
      ],
    },
    codes: ["verify/escalation", "verify/escalation", "verify/escalation", "verify/escalation"],
    repaired: { objects: [binding("ClusterRole", "view", group)] },
  },
]);
