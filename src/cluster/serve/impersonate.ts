// Acting as somebody else: the Impersonate headers. Mirrors k8s.io/apiserver pkg/endpoints/filters/impersonation.

import { statusError } from "../../kubernetes/index.ts";
import type { Authorizer, RequestAttributes, UserInfo } from "../../kubernetes/index.ts";
import { authorize } from "../api/authorize.ts";
import { badRequest } from "../api/refusals.ts";
import { ANONYMOUS, withAuthenticated } from "./authenticate.ts";
import type { Exchange } from "./exchange.ts";

const PREFIX = "impersonate-";
const EXTRA_PREFIX = "impersonate-extra-";
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The user itself when no Impersonate header is set; throws 400 or 403. */
export function impersonate(exchange: Exchange, user: UserInfo, authorizer: Authorizer): UserInfo {
  const wanted = readHeaders(exchange);
  if (wanted === undefined) return user;
  for (const attributes of questionsAbout(user, wanted)) authorize(authorizer, attributes);
  const account = SERVICE_ACCOUNT.exec(wanted.name);
  const groups =
    wanted.groups.length === 0 && account !== null
      ? ["system:serviceaccounts", `system:serviceaccounts:${account[1]}`]
      : wanted.groups;
  const acting = { ...wanted, groups };
  return wanted.name === ANONYMOUS.name
    ? { ...acting, groups: [...new Set([...groups, ...ANONYMOUS.groups])] }
    : withAuthenticated(acting);
}

function readHeaders(exchange: Exchange): UserInfo | undefined {
  if (!exchange.hasHeader(PREFIX)) return undefined;
  const headers = exchange.headers();
  const [name = ""] = headers.get("impersonate-user") ?? [];
  const groups = headers.get("impersonate-group") ?? [];
  const [uid = ""] = headers.get("impersonate-uid") ?? [];
  const extra: Record<string, readonly string[]> = {};
  for (const [header, values] of headers) {
    if (header.startsWith(EXTRA_PREFIX))
      extra[decodeKey(header.slice(EXTRA_PREFIX.length))] = values;
  }
  if (name === "" && groups.length === 0 && uid === "" && Object.keys(extra).length === 0) {
    return undefined;
  }
  if (name === "") throw badRequest(withoutName(uid, groups));
  return {
    name,
    groups,
    ...(uid === "" ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

function withoutName(uid: string, groups: readonly string[]): string {
  const list = groups.map((group) => JSON.stringify(group)).join(", ");
  const printed = groups.length === 0 ? "[]string(nil)" : `[]string{${list}}`;
  return `requested &user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${printed}, Extra:map[string][]string(nil)} without impersonating a user name`;
}

/** Keys of extra fields travel percent-encoded, because header names cannot hold slashes. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    throw statusError("BadRequest", `invalid extra key ${JSON.stringify(key)}`);
  }
}

/** One question per thing somebody wants to be. */
function questionsAbout(user: UserInfo, wanted: UserInfo): readonly RequestAttributes[] {
  const about = {
    user,
    verb: "impersonate",
    version: "v1",
    subresource: "",
    namespace: "",
    group: "",
  };
  const authentication = { ...about, group: "authentication.k8s.io" };
  const account = SERVICE_ACCOUNT.exec(wanted.name);
  const [, namespace = "", name = ""] = account ?? [];
  const subject =
    account === null
      ? { ...about, resource: "users", name: wanted.name }
      : { ...about, resource: "serviceaccounts", namespace, name };
  return [
    subject,
    ...wanted.groups.map((group) => ({ ...about, resource: "groups", name: group })),
    ...(wanted.uid === undefined
      ? []
      : [{ ...authentication, resource: "uids", name: wanted.uid }]),
    ...Object.entries(wanted.extra ?? {}).flatMap(([key, values]) =>
      values.map((value) => ({
        ...authentication,
        resource: "userextras",
        subresource: key,
        name: value,
      })),
    ),
  ];
}
