// What the server says itself about a request for a certificate: who asked. Mirrors kubernetes
// pkg/registry/certificates/certificates/strategy.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject, UserInfo } from "../../../kubernetes/index.ts";
import type { Strategy } from "../strategy.ts";

export const SIGNING_REQUEST: Partial<Strategy> = {
  prepareForCreate: (request, { user }) =>
    user === undefined ? request : { ...request, spec: askedBy(request, user) },
  prepareForUpdate: (request, old) => ({ ...request, spec: old["spec"] }),
};

function askedBy(
  request: KubernetesObject,
  { name, uid, groups, extra = {} }: UserInfo,
): Readonly<Record<string, unknown>> {
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
