// Defaults of apps/v1. Source: kubernetes v1.36.2 pkg/apis/apps/v1/defaults.go.

import { PERSISTENT_VOLUME_CLAIM, POD_TEMPLATE } from "./core.ts";
import { mergeRules } from "./default-rules.ts";
import type { DefaultRules } from "./default-rules.ts";

export const DEPLOYMENT: DefaultRules = {
  within: {
    spec: {
      set: {
        replicas: 1,
        strategy: {},
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
      within: {
        template: POD_TEMPLATE,
        strategy: {
          set: {
            type: "RollingUpdate",
            rollingUpdate: ({ type }) => (type === "RollingUpdate" ? {} : undefined),
          },
          within: { rollingUpdate: { set: { maxUnavailable: "25%", maxSurge: "25%" } } },
        },
      },
    },
  },
};

export const REPLICA_SET: DefaultRules = {
  within: { spec: { set: { replicas: 1 }, within: { template: POD_TEMPLATE } } },
};

const CLAIM_TEMPLATE = mergeRules(PERSISTENT_VOLUME_CLAIM, {
  set: { apiVersion: "v1", kind: "PersistentVolumeClaim" },
});

export const STATEFUL_SET: DefaultRules = {
  within: {
    spec: {
      set: {
        replicas: 1,
        podManagementPolicy: "OrderedReady",
        updateStrategy: {},
        revisionHistoryLimit: 10,
        persistentVolumeClaimRetentionPolicy: {},
      },
      within: {
        template: POD_TEMPLATE,
        updateStrategy: {
          set: {
            type: "RollingUpdate",
            rollingUpdate: ({ type }) => (type === "RollingUpdate" ? {} : undefined),
          },
          within: { rollingUpdate: { set: { partition: 0 } } },
        },
        persistentVolumeClaimRetentionPolicy: {
          set: { whenDeleted: "Retain", whenScaled: "Retain" },
        },
      },
      each: { volumeClaimTemplates: CLAIM_TEMPLATE },
    },
  },
};

export const DAEMON_SET: DefaultRules = {
  within: {
    spec: {
      set: { updateStrategy: {}, revisionHistoryLimit: 10 },
      within: {
        template: POD_TEMPLATE,
        updateStrategy: {
          set: {
            type: "RollingUpdate",
            rollingUpdate: ({ type }) => (type === "RollingUpdate" ? {} : undefined),
          },
          within: { rollingUpdate: { set: { maxUnavailable: 1, maxSurge: 0 } } },
        },
      },
    },
  },
};
