// `authorizer.group("apps").resource("deployments").namespace("a").check("create").allowed()`: asks whoever decides about requests
// (apiserver pkg/cel/library/authz.go).

import type { AuthorizationDecision, Authorizer, RequestAttributes } from "../../authorization.ts";
import type { UserInfo } from "../../user-info.ts";
import { CelError, CelOpaque } from "../values/value.ts";
import { nameProblems } from "./name-problems.ts";
import type { Library } from "./overload.ts";

const PREFIX = "kubernetes.authorization";

interface Asking {
  readonly authorize: Authorizer;
  readonly user: UserInfo;
}

export class CelAuthorizer extends CelOpaque {
  override readonly typeName = `${PREFIX}.Authorizer`;
  readonly asking: Asking;

  constructor(asking: Asking) {
    super();
    this.asking = asking;
  }
}

class PathCheck extends CelOpaque {
  override readonly typeName = `${PREFIX}.PathCheck`;
  readonly asking: Asking;
  readonly path: string;

  constructor(asking: Asking, path: string) {
    super();
    this.asking = asking;
    this.path = path;
  }
}

class GroupCheck extends CelOpaque {
  override readonly typeName = `${PREFIX}.GroupCheck`;
  readonly asking: Asking;
  readonly group: string;

  constructor(asking: Asking, group: string) {
    super();
    this.asking = asking;
    this.group = group;
  }
}

type Asked = Omit<RequestAttributes, "user" | "verb">;

export class ResourceCheck extends CelOpaque {
  override readonly typeName = `${PREFIX}.ResourceCheck`;
  readonly asking: Asking;
  readonly asked: Asked;

  constructor(asking: Asking, asked: Asked) {
    super();
    this.asking = asking;
    this.asked = asked;
  }

  with(changed: Partial<Asked>): ResourceCheck {
    return new ResourceCheck(this.asking, { ...this.asked, ...changed });
  }
}

class Decision extends CelOpaque {
  override readonly typeName = `${PREFIX}.Decision`;
  readonly decision: AuthorizationDecision;

  constructor(decision: AuthorizationDecision) {
    super();
    this.decision = decision;
  }
}

const NOTHING: Asked = {
  group: "",
  version: "*",
  resource: "",
  subresource: "",
  namespace: "",
  name: "",
};

function notEmpty(text: string, what: string): string {
  if (text.trim() === "") throw new CelError(`${what} must not be empty`);
  return text;
}

function serviceAccount({ asking }: CelAuthorizer, namespace: string, name: string): CelAuthorizer {
  if (nameProblems.subdomain(name).length > 0) throw new CelError("Invalid service account name");
  if (nameProblems.label(namespace).length > 0) {
    throw new CelError("Invalid service account namespace");
  }
  const groups = [
    "system:serviceaccounts",
    `system:serviceaccounts:${namespace}`,
    "system:authenticated",
  ];
  const user = { name: `system:serviceaccount:${namespace}:${name}`, groups };
  return new CelAuthorizer({ ...asking, user });
}

function check({ asking, asked }: ResourceCheck, verb: string): Decision {
  return new Decision(asking.authorize({ ...asked, user: asking.user, verb }));
}

function named(name: string): string {
  return `${PREFIX}.${name}`;
}

export const AUTHORIZER: Library = {
  [`${named("Authorizer")}->path(string): ${named("PathCheck")}`]: (
    { asking }: CelAuthorizer,
    path: string,
  ) => new PathCheck(asking, notEmpty(path, "path")),
  [`${named("Authorizer")}->group(string): ${named("GroupCheck")}`]: (
    { asking }: CelAuthorizer,
    group: string,
  ) => new GroupCheck(asking, group),
  [`${named("Authorizer")}->serviceAccount(string, string): ${named("Authorizer")}`]:
    serviceAccount,
  [`${named("GroupCheck")}->resource(string): ${named("ResourceCheck")}`]: (
    { asking, group }: GroupCheck,
    resource: string,
  ) => new ResourceCheck(asking, { ...NOTHING, group, resource: notEmpty(resource, "resource") }),
  ...Object.fromEntries(
    (["subresource", "namespace", "name"] as const).map((part) => [
      `${named("ResourceCheck")}->${part}(string): ${named("ResourceCheck")}`,
      (resource: ResourceCheck, value: string) => resource.with({ [part]: value }),
    ]),
  ),
  // RBAC, the only authorizer, does not look at selectors.
  ...Object.fromEntries(
    ["fieldSelector", "labelSelector"].map((part) => [
      `${named("ResourceCheck")}->${part}(string): ${named("ResourceCheck")}`,
      (resource: ResourceCheck) => resource,
    ]),
  ),
  [`${named("PathCheck")}->check(string): ${named("Decision")}`]: (
    { asking, path }: PathCheck,
    verb: string,
  ) => new Decision(asking.authorize({ ...NOTHING, version: "", path, user: asking.user, verb })),
  [`${named("ResourceCheck")}->check(string): ${named("Decision")}`]: check,
  [`${named("Decision")}->errored(): bool`]: () => false,
  [`${named("Decision")}->error(): string`]: () => "",
  [`${named("Decision")}->allowed(): bool`]: ({ decision }: Decision) =>
    decision.decision === "allow",
  [`${named("Decision")}->reason(): string`]: ({ decision }: Decision) =>
    decision.decision === "deny" ? decision.reason : "",
};
