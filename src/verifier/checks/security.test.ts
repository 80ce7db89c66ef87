// Pods a namespace refuses, privileges without a reason, and rights that grow.

import { describeChecks } from "../testing/check-rows.ts";
import { web, binding, role, confined, hardened, privileged, group } from "../testing/objects.ts";
import { checkPodSecurity } from "./pod-security.ts";
import { checkRights } from "./rights.ts";

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
