// The variables of admission expressions and their types (apiserver pkg/admission/plugin/cel/compile.go).

import {
  BOOL,
  type CelType,
  DYN,
  INT,
  listOf,
  mapOf,
  objectType,
  opaque,
  STRING,
  TIMESTAMP,
} from "../check/cel-type.ts";

const kind = objectType("kubernetes.GroupVersionKind", {
  group: STRING,
  version: STRING,
  kind: STRING,
});
const resource = objectType("kubernetes.GroupVersionResource", {
  group: STRING,
  version: STRING,
  resource: STRING,
});
const userInfo = objectType("kubernetes.UserInfo", {
  username: STRING,
  uid: STRING,
  groups: listOf(STRING),
  extra: mapOf(STRING, listOf(STRING)),
});

const REQUEST = objectType("kubernetes.AdmissionRequest", {
  kind,
  resource,
  subResource: STRING,
  requestKind: kind,
  requestResource: resource,
  requestSubResource: STRING,
  name: STRING,
  namespace: STRING,
  operation: STRING,
  userInfo,
  dryRun: BOOL,
  options: DYN,
});

const NAMESPACE = objectType("kubernetes.Namespace", {
  metadata: objectType("kubernetes.NamespaceMetadata", {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: mapOf(STRING, STRING),
    annotations: mapOf(STRING, STRING),
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: listOf(STRING),
  }),
  spec: objectType("kubernetes.NamespaceSpec", { finalizers: listOf(STRING) }),
  status: objectType("kubernetes.NamespaceStatus", {
    phase: STRING,
    conditions: listOf(
      objectType("kubernetes.NamespaceCondition", {
        status: STRING,
        type: STRING,
        lastTransitionTime: TIMESTAMP,
        message: STRING,
        reason: STRING,
      }),
    ),
  }),
});

export const ADMISSION_VARIABLES: Readonly<Record<string, CelType>> = {
  object: DYN,
  oldObject: DYN,
  request: REQUEST,
  namespaceObject: NAMESPACE,
};

export const AUTHORIZER_VARIABLES: Readonly<Record<string, CelType>> = {
  authorizer: opaque("kubernetes.authorization.Authorizer"),
  "authorizer.requestResource": opaque("kubernetes.authorization.ResourceCheck"),
};
