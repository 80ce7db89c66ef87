// Questions asked by creating an object that is never stored: who am I, and may somebody do something.
// Mirrors kubernetes pkg/registry/authentication and pkg/registry/authorization.

import { formatInstant, isRecord } from "../../core/index.ts";
import type { RequestAttributes, StatusCause, UserInfo } from "../../kubernetes/index.ts";
import { invalidField, requiredField } from "../api/field-error.ts";
import { invalid } from "../api/refusals.ts";
import { recordAt, textAt } from "../api/validation/fields.ts";
import type { TokenAuthenticator } from "./authenticate.ts";
import { withAuthenticated } from "./authenticate.ts";
import type { CreationAnswer, CreationRequest } from "./server-context.ts";

type Scope = Readonly<Record<string, unknown>>;

const AUTHENTICATION = "authentication.k8s.io";
const AUTHORIZATION = "authorization.k8s.io";

export function reviewAnswers(
  authenticateToken: TokenAuthenticator,
): Readonly<Record<string, CreationAnswer>> {
  return {
    [`${AUTHENTICATION}/selfsubjectreviews`]: reviewSelf,
    [`${AUTHENTICATION}/tokenreviews`]: (request) => reviewToken(request, authenticateToken),
    [`${AUTHORIZATION}/subjectaccessreviews`]: (request) =>
      reviewAccess(request, namedUser(request)),
    [`${AUTHORIZATION}/localsubjectaccessreviews`]: (request) =>
      reviewAccess(request, namedUser(request)),
    [`${AUTHORIZATION}/selfsubjectaccessreviews`]: (request) =>
      reviewAccess(request, request.caller.user),
    [`${AUTHORIZATION}/selfsubjectrulesreviews`]: reviewRules,
  };
}

/** An authorizer answers questions; it does not list what it would allow. RBAC, which can, answers instead where it rules. */
function reviewRules(request: CreationRequest): Scope {
  const status = {
    resourceRules: [],
    nonResourceRules: [],
    incomplete: true,
    evaluationError: "the authorizer does not support listing rules",
  };
  return { ...head(request), metadata: {}, spec: {}, status };
}

function reviewSelf(request: CreationRequest): Scope {
  const { api, caller } = request;
  const metadata = { creationTimestamp: formatInstant(api.clock.now()) };
  return { ...head(request), metadata, status: { userInfo: userInfoOf(caller.user) } };
}

function reviewToken(request: CreationRequest, authenticateToken: TokenAuthenticator): Scope {
  const spec = recordAt(request.body, "spec");
  const token = textAt(spec, "token");
  if (token === "") {
    throw invalid({ group: AUTHENTICATION, kind: "TokenReview" }, "", [
      requiredField("spec.token"),
    ]);
  }
  const user = authenticateToken(token);
  const status =
    user === undefined
      ? { user: {}, error: "invalid bearer token" }
      : { authenticated: true, user: userInfoOf(withAuthenticated(user)) };
  return { ...head(request), metadata: {}, spec, status };
}

function reviewAccess(request: CreationRequest, user: UserInfo): Scope {
  const spec = recordAt(request.body, "spec");
  const decision = request.api.authorizer(attributesIn(spec, user));
  const isAllowed = decision.decision === "allow";
  const reason = decision.decision === "deny" ? decision.reason : "";
  return {
    ...head(request),
    metadata: {},
    spec,
    status: { allowed: isAllowed, ...(reason === "" ? {} : { reason }) },
  };
}

function head({ resource }: CreationRequest): Scope {
  return { kind: resource.facts.kind, apiVersion: resource.apiVersion };
}

function namedUser({ body }: CreationRequest): UserInfo {
  const { user, groups, uid, extra } = recordAt(body, "spec");
  const list = Array.isArray(groups) ? groups.map(String) : [];
  if ((typeof user !== "string" || user === "") && list.length === 0) {
    const message = "at least one of user or group must be specified";
    throw invalidReview([invalidField("spec.user", "", message)]);
  }
  return {
    name: typeof user === "string" ? user : "",
    groups: list,
    ...(typeof uid === "string" ? { uid } : {}),
    ...(isRecord(extra) ? { extra: textLists(extra) } : {}),
  };
}

function textLists(record: Scope): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(String) : [],
    ]),
  );
}

function attributesIn(spec: Scope, user: UserInfo): RequestAttributes {
  const { resourceAttributes: about, nonResourceAttributes: path } = spec;
  if (isRecord(about) === isRecord(path)) {
    const why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    throw invalidReview([invalidField("spec.resourceAttributes", about ?? null, why)]);
  }
  const of = (scope: unknown, field: string): string =>
    isRecord(scope) ? textAt(scope, field) : "";
  const attributes = {
    user,
    verb: of(about, "verb") || of(path, "verb"),
    group: of(about, "group"),
    version: of(about, "version"),
    resource: of(about, "resource"),
    subresource: of(about, "subresource"),
    namespace: of(about, "namespace"),
    name: of(about, "name"),
  };
  return isRecord(path) ? { ...attributes, path: of(path, "path") } : attributes;
}

/** The API server names no kind here. */
function invalidReview(causes: readonly StatusCause[]): Error {
  return invalid({ group: AUTHORIZATION, kind: "" }, "", causes);
}

function userInfoOf({ name, uid, groups, extra }: UserInfo): Scope {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups,
    ...(extra === undefined ? {} : { extra }),
  };
}
