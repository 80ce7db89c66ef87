// Gathers the rules of labelled ClusterRoles into those with an aggregation rule. Mirrors kubernetes
// pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go.

import { deepEqual } from "../../core/index.ts";
import { aggregatedRules, isAggregated, RBAC_GROUP, ruleRecords } from "../../kubernetes/index.ts";
import type { Controller, ControllerContext } from "../../kubernetes/index.ts";

const CLUSTER_ROLE = { apiVersion: `${RBAC_GROUP}/v1`, kind: "ClusterRole" };

export function clusterRoleAggregationController(context: ControllerContext): Controller {
  const clusterRoles = context.informer(CLUSTER_ROLE);
  return {
    name: "clusterrole-aggregation",
    setup(enqueue) {
      // Who gathers from whom is not known beforehand, and there are few.
      clusterRoles.onChange(() => {
        for (const role of clusterRoles.list()) if (isAggregated(role)) enqueue(role.metadata.name);
      });
    },
    async reconcile(name) {
      const role = clusterRoles.get(name);
      if (role === undefined || !isAggregated(role)) return;
      const rules = aggregatedRules(role, clusterRoles.list());
      if (deepEqual(rules, ruleRecords(role))) return;
      const intent = { ...CLUSTER_ROLE, metadata: { name }, rules };
      const fieldManager = "clusterrole-aggregation-controller";
      await context.api.apply(intent, { fieldManager, force: true });
    },
  };
}
