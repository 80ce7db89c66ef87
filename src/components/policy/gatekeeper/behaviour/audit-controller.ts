// Looks at everything that is there once a minute and writes what breaks a rule into the constraint's status.
// Mirrors gatekeeper pkg/audit/manager.go, v3.23: auditTimestamp, totalViolations and at most twenty violations.

import { deepEqual, formatInstant, groupBy } from "../../../../core/index.ts";
import {
  builtinKinds,
  loadExpressions,
  type AdmissionRequest,
  type ControllerContext,
  type ControllerFactory,
  type KindRef,
  type KubernetesObject,
  type LiveObjects,
} from "../../../../kubernetes/index.ts";
import { creationOf, RULES, SUBJECTS } from "../../rules/index.ts";
import { CONSTRAINT_API, TEMPLATE } from "../template.ts";
import { kindOf, violationsOf, type Violation } from "./constraint.ts";

const NAMESPACE: KindRef = { apiVersion: "v1", kind: "Namespace" };
const INTERVAL_MS = 60_000;
const LISTED_MAX = 20;
const MANAGER = "gatekeeper-audit";

export const auditController: ControllerFactory = (context) => ({
  name: "gatekeeper-audit",
  setup: (enqueue) => enqueue("audit", INTERVAL_MS),
  async reconcile() {
    await audit(context, await snapshot(context));
    return { requeueAfterMs: INTERVAL_MS };
  },
});

/** Every kind that any rule looks at. */
const KINDS: readonly KindRef[] = [
  ...new Map(
    Object.values(SUBJECTS)
      .flat()
      .flatMap(({ group, version, kinds }) =>
        kinds.map((kind) => ({
          apiVersion: group === "" ? version : `${group}/${version}`,
          kind,
        })),
      )
      .map((ref) => [`${ref.apiVersion} ${ref.kind}`, ref] as const),
  ).values(),
];

/** Lists everything once, as the audit does unless it is told to use its cache. */
async function snapshot({ api }: ControllerContext): Promise<LiveObjects> {
  const listed = new Map<string, readonly KubernetesObject[]>();
  const keyOf = ({ apiVersion, kind }: KindRef): string => `${apiVersion} ${kind}`;
  const add = async (kind: KindRef): Promise<readonly KubernetesObject[]> => {
    const { items } = await api.list(kind);
    listed.set(keyOf(kind), items);
    return items;
  };
  const templates = await add(TEMPLATE);
  const constraints = templates.map((template) => ({
    apiVersion: CONSTRAINT_API,
    kind: kindOf(template),
  }));
  const references = RULES.flatMap(({ reference }) => reference ?? []);
  for (const kind of [NAMESPACE, ...KINDS, ...references, ...constraints]) await add(kind);
  const list: LiveObjects["list"] = (kind, namespace) =>
    (listed.get(keyOf(kind)) ?? []).filter(
      ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
    );
  return {
    list,
    get: (ref) => list(ref, ref.namespace).find(({ metadata }) => metadata.name === ref.name),
  };
}

async function audit(context: ControllerContext, live: LiveObjects): Promise<void> {
  const expressions = await loadExpressions();
  const found = KINDS.flatMap((kind) =>
    live.list(kind).flatMap((object) => {
      const request = auditRequest(object, kind, live);
      return request === undefined
        ? []
        : violationsOf(expressions, request).map((violation) => ({ ...violation, object }));
    }),
  );
  const byConstraint = groupBy(found, ({ constraint }) => constraint.metadata.uid ?? "");
  for (const template of live.list(TEMPLATE)) {
    for (const constraint of live.list({ apiVersion: CONSTRAINT_API, kind: kindOf(template) })) {
      const own = byConstraint.get(constraint.metadata.uid ?? "") ?? [];
      await writeStatus(context, constraint, own);
    }
  }
}

function auditRequest(
  object: KubernetesObject,
  { apiVersion, kind }: KindRef,
  live: LiveObjects,
): AdmissionRequest | undefined {
  const facts = builtinKinds().find(apiVersion, kind);
  return facts && { ...creationOf(object, facts), live };
}

interface Found extends Violation {
  readonly object: KubernetesObject;
}

async function writeStatus(
  { api, clock }: ControllerContext,
  constraint: KubernetesObject,
  found: readonly Found[],
): Promise<void> {
  const violations = found.slice(0, LISTED_MAX).map(violationStatus);
  const old = (constraint["status"] ?? {}) as Readonly<Record<string, unknown>>;
  const same =
    old["totalViolations"] === found.length && deepEqual(old["violations"] ?? [], violations);
  if (same) return;
  const status = {
    auditTimestamp: formatInstant(clock.now()),
    totalViolations: found.length,
    violations: violations.length === 0 ? null : violations,
  };
  const { apiVersion, kind, metadata } = constraint;
  await api.patch(
    { apiVersion, kind, name: metadata.name },
    { type: "merge", body: { status } },
    { subresource: "status", fieldManager: MANAGER },
  );
}

function violationStatus({ object, action, message }: Found): Readonly<Record<string, unknown>> {
  const { apiVersion, kind, metadata } = object;
  const [group = "", version = ""] = apiVersion.includes("/")
    ? apiVersion.split("/")
    : ["", apiVersion];
  return {
    enforcementAction: action,
    group,
    version,
    kind,
    name: metadata.name,
    namespace: metadata.namespace,
    message,
  };
}
