// Defaults of autoscaling/v2. Source: kubernetes v1.36.2 pkg/apis/autoscaling/v2/defaults.go.

import { isRecord } from "../../../core/index.ts";
import type { DefaultRules } from "./default-rules.ts";

const SCALE_UP: DefaultRules = {
  set: {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 4, periodSeconds: 15 },
      { type: "Percent", value: 100, periodSeconds: 15 },
    ],
  },
};

const SCALE_DOWN: DefaultRules = {
  set: {
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
  },
};

const AVERAGE_CPU = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
};

export const HORIZONTAL_POD_AUTOSCALER: DefaultRules = {
  within: {
    spec: {
      set: { minReplicas: 1, metrics: [AVERAGE_CPU] },
      within: {
        behavior: {
          first: (behavior) => ({
            ...behavior,
            scaleUp: isRecord(behavior["scaleUp"]) ? behavior["scaleUp"] : {},
            scaleDown: isRecord(behavior["scaleDown"]) ? behavior["scaleDown"] : {},
          }),
          within: { scaleUp: SCALE_UP, scaleDown: SCALE_DOWN },
        },
      },
    },
  },
};
