// Tokens kept in Secrets, the old way: without an end, good as long as the account and the Secret that holds them exist.
// Mirrors kubernetes pkg/serviceaccount/legacy.go.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject, UserInfo } from "../../../kubernetes/index.ts";
import type { Store } from "../../store/index.ts";
import type { Claims } from "./web-token.ts";

export const SECRET_TOKEN_ISSUER = "kubernetes/serviceaccount";

const NAMESPACE = "kubernetes.io/serviceaccount/namespace";
const SECRET_NAME = "kubernetes.io/serviceaccount/secret.name";
const ACCOUNT_NAME = "kubernetes.io/serviceaccount/service-account.name";
const ACCOUNT_UID = "kubernetes.io/serviceaccount/service-account.uid";

export function secretTokenClaims(
  { metadata }: KubernetesObject,
  secret: KubernetesObject,
): Claims {
  const { name, namespace = "", uid } = metadata;
  return {
    iss: SECRET_TOKEN_ISSUER,
    [NAMESPACE]: namespace,
    [SECRET_NAME]: secret.metadata.name,
    [ACCOUNT_NAME]: name,
    [ACCOUNT_UID]: uid,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
}

/** Undefined when the account is another one by now, or the Secret does not hold this very token. */
export function secretTokenUser(claims: Claims, token: string, store: Store): UserInfo | undefined {
  const [namespace, secretName, name, uid] = [
    NAMESPACE,
    SECRET_NAME,
    ACCOUNT_NAME,
    ACCOUNT_UID,
  ].map((claim) => String(claims[claim])) as [string, string, string, string];
  const account = store.get({ resource: "/serviceaccounts", namespace, name });
  const secret = store.get({ resource: "/secrets", namespace, name: secretName });
  if (account?.metadata.uid !== uid || secret?.metadata.deletionTimestamp !== undefined) {
    return undefined;
  }
  const data = isRecord(secret?.["data"]) ? secret["data"] : {};
  if (data["token"] !== Buffer.from(token, "utf8").toString("base64")) return undefined;
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
  };
}
