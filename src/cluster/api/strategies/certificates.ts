// What the server says itself about a request for a certificate: who asked, and when it was decided. Mirrors kubernetes
// pkg/registry/certificates/certificates/strategy.go @v1.36.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type { KubernetesObject, UserInfo } from "../../../kubernetes/index.ts";
import type { Strategy, WriteContext } from "../strategy.ts";
import { timestamp } from "../timestamp.ts";
import {
  validateApproval,
  validateSigned,
  validateSigningRequest,
} from "../validation/certificates.ts";
import { recordAt, recordsAt } from "../validation/fields.ts";

type Scope = Readonly<Record<string, unknown>>;

export const SIGNING_REQUEST: Partial<Strategy> = {
  nameRule: "path-segment",
  prepareForCreate: (request, { user }) =>
    user === undefined ? request : { ...request, spec: askedBy(request, user) },
  prepareForUpdate: (request, old) => ({ ...request, spec: old["spec"] }),
  prepareForStatus: withTimes,
  validate: validateSigningRequest,
  validateStatus: validateSigned,
  parts: { approval: { prepare: withTimes, validate: validateApproval } },
};

function askedBy(request: KubernetesObject, { name, uid, groups, extra = {} }: UserInfo): Scope {
  const given = isRecord(request["spec"]) ? request["spec"] : {};
  const { username: _username, uid: _uid, groups: _groups, extra: _extra, ...spec } = given;
  return {
    ...spec,
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups,
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

/** A condition without times gets the present; one that was there in the same state keeps when it came about. */
function withTimes(
  next: KubernetesObject,
  old: KubernetesObject,
  { api }: WriteContext,
): KubernetesObject {
  const status = recordAt(next, "status");
  const known = recordsAt(recordAt(old, "status"), "conditions");
  const now = timestamp(api.clock);
  const conditions = recordsAt(status, "conditions").map((condition) => {
    const before = known.find(
      (one) => one["type"] === condition["type"] && one["status"] === condition["status"],
    );
    return {
      ...condition,
      lastUpdateTime: condition["lastUpdateTime"] ?? now,
      lastTransitionTime: condition["lastTransitionTime"] ?? before?.["lastTransitionTime"] ?? now,
    };
  });
  if (deepEqual(conditions, recordsAt(status, "conditions"))) return next;
  return { ...next, status: { ...status, conditions } };
}
