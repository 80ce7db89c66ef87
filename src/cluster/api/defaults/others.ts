// Defaults of the smaller groups. Source: kubernetes v1.36.2 pkg/apis/{rbac,storage,scheduling,policy,
// admissionregistration,certificates,flowcontrol}/v1/defaults.go and staging apiextensions-apiserver.

import type { DefaultRules } from "./default-rules.ts";

type Scope = Readonly<Record<string, unknown>>;

const isNamed = (kind: unknown): boolean => kind === "User" || kind === "Group";

export const ROLE_BINDING: DefaultRules = {
  within: { roleRef: { set: { apiGroup: "rbac.authorization.k8s.io" } } },
  each: {
    subjects: {
      set: { apiGroup: ({ kind }) => (isNamed(kind) ? "rbac.authorization.k8s.io" : undefined) },
    },
  },
};

export const STORAGE_CLASS: DefaultRules = {
  set: { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" },
};

export const CSI_DRIVER: DefaultRules = {
  within: {
    spec: {
      set: {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        volumeLifecycleModes: ["Persistent"],
        fsGroupPolicy: "ReadWriteOnceWithFSType",
        requiresRepublish: false,
        seLinuxMount: false,
      },
    },
  },
};

export const PRIORITY_CLASS: DefaultRules = { set: { preemptionPolicy: "PreemptLowerPriority" } };

/** Where zero counts as absent. */
function withoutZeros(part: Scope): Scope {
  const isZero = Object.values(part).includes(0);
  return isZero
    ? Object.fromEntries(Object.entries(part).filter(([, value]) => value !== 0))
    : part;
}

export const FLOW_SCHEMA: DefaultRules = {
  within: { spec: { first: withoutZeros, set: { matchingPrecedence: 1000 } } },
};

export const PRIORITY_LEVEL: DefaultRules = {
  within: {
    spec: {
      within: {
        exempt: { set: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
        limited: {
          set: { nominalConcurrencyShares: 30, lendablePercent: 0 },
          within: {
            limitResponse: {
              within: {
                queuing: {
                  first: withoutZeros,
                  set: { handSize: 8, queues: 64, queueLengthLimit: 50 },
                },
              },
            },
          },
        },
      },
    },
  },
};

const WEBHOOK: DefaultRules = {
  set: {
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  },
  within: { clientConfig: { within: { service: { set: { port: 443 } } } } },
  each: { rules: { set: { scope: "*" } } },
};

export const VALIDATING_WEBHOOKS: DefaultRules = { each: { webhooks: WEBHOOK } };

export const MUTATING_WEBHOOKS: DefaultRules = {
  each: {
    webhooks: { ...WEBHOOK, set: { ...WEBHOOK.set, reinvocationPolicy: "Never" } },
  },
};

const MATCH_RESOURCES: DefaultRules = {
  set: { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} },
  each: { resourceRules: { set: { scope: "*" } }, excludeResourceRules: { set: { scope: "*" } } },
};

export const ADMISSION_POLICY: DefaultRules = {
  within: {
    spec: { set: { failurePolicy: "Fail" }, within: { matchConstraints: MATCH_RESOURCES } },
  },
};

export const ADMISSION_POLICY_BINDING: DefaultRules = {
  within: { spec: { within: { matchResources: MATCH_RESOURCES } } },
};

export const CUSTOM_RESOURCE_DEFINITION: DefaultRules = {
  within: {
    spec: {
      set: { conversion: { strategy: "None" } },
      within: {
        names: {
          set: {
            singular: ({ kind }) => (typeof kind === "string" ? kind.toLowerCase() : undefined),
            listKind: ({ kind }) => (typeof kind === "string" ? `${kind}List` : undefined),
          },
        },
        conversion: { set: { strategy: "None" } },
      },
    },
  },
};
