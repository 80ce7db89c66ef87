// Validating and mutating webhooks. Mirrors apiserver pkg/admission/plugin/webhook/{generic,mutating,validating}: mutating ones are called
// one after the other, in the order of their configurations' names; validating ones all at once.

import { deepEqual } from "../../../core/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  Expressions,
  KubernetesObject,
} from "../../../kubernetes/index.ts";
import {
  admissionForbidden,
  applyJsonPatch,
  loadExpressions,
  statusError,
} from "../../../kubernetes/index.ts";
import { type Condition, matchConditions } from "./match-conditions.ts";
import {
  isExempt,
  type Match,
  matchesNamespace,
  matchesObject,
  matchRules,
} from "./match-resources.ts";
import { matchedRequest } from "./policy-invocations.ts";
import type { MatchResources, NamedExpression, ResourceRule } from "./policy-objects.ts";
import type { PolicyServer } from "./policy-server.ts";
import { createReinvocations } from "./reinvocation.ts";
import { CallError, callWebhook, type Webhook, webhooksOf } from "./webhook-call.ts";
import {
  readReview,
  rejection,
  type ReviewAnswer,
  reviewBody,
  ReviewError,
} from "./webhook-review.ts";

interface Hook extends Webhook, MatchResources {
  readonly rules?: readonly ResourceRule[];
  readonly matchConditions?: readonly NamedExpression[];
}

interface Called {
  readonly hook: Hook;
  readonly match: Match;
  /** Unique among all webhooks. */
  readonly key: string;
}

export function mutatingWebhooks(server: PolicyServer): AdmissionPlugin {
  const reinvocations = createReinvocations();
  return {
    name: "MutatingAdmissionWebhook",
    handles: (subject) => !isExempt(subject),
    mutate(request) {
      if (hooksOf(request, server, "MutatingWebhookConfiguration").length === 0) return undefined;
      return mutateAll(request, server, reinvocations(request));
    },
  };
}

async function mutateAll(
  request: AdmissionRequest,
  server: PolicyServer,
  reinvocation: ReturnType<ReturnType<typeof createReinvocations>>,
): Promise<KubernetesObject | undefined> {
  const expressions = await loadExpressions();
  let object = request.object;
  for (const called of hooksOf(request, server, "MutatingWebhookConfiguration", false)) {
    const now = { ...request, object };
    const match = matchHook(now, server, called.hook);
    if (match === undefined || !reinvocation.mayRun(called.key)) continue;
    const answer = await ask(expressions, now, server, { ...called, match }, true);
    const changed = answer?.patch && patchedObject(server, now, called.hook, match, answer.patch);
    const isChanged = changed !== undefined && !deepEqual(changed, object);
    if (isChanged) object = changed;
    const again = called.hook.reinvocationPolicy === "IfNeeded";
    if (answer !== undefined) reinvocation.ran(called.key, { changed: isChanged, again });
  }
  reinvocation.end(object);
  return object;
}

function patchedObject(
  server: PolicyServer,
  request: AdmissionRequest,
  { name }: Hook,
  { served }: Match,
  patch: readonly unknown[],
): KubernetesObject | undefined {
  if (patch.length === 0) return request.object;
  if (request.object === undefined) {
    throw internal(
      `admission webhook ${JSON.stringify(name)} attempted to modify the object, which is not supported for this operation`,
    );
  }
  const seen = served?.convert(request.object) ?? request.object;
  try {
    const changed = applyJsonPatch(seen, patch) as KubernetesObject;
    return server.admitted(changed, request, request.object);
  } catch (error) {
    throw internal(error instanceof Error ? error.message : String(error));
  }
}

export function validatingWebhooks(server: PolicyServer): AdmissionPlugin {
  return {
    name: "ValidatingAdmissionWebhook",
    handles: (subject) => !isExempt(subject),
    validate(request) {
      const called = hooksOf(request, server, "ValidatingWebhookConfiguration");
      return called.length === 0 ? undefined : validateAll(request, server, called);
    },
  };
}

async function validateAll(
  request: AdmissionRequest,
  server: PolicyServer,
  called: readonly Called[],
): Promise<void> {
  const expressions = await loadExpressions();
  const outcomes = await Promise.allSettled(
    called.map((one) => ask(expressions, request, server, one, false)),
  );
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

const NOBODY: readonly Called[] = [];

/** Those that are meant, or with `meant` false all: a change by one may make another meant. */
function hooksOf(
  request: AdmissionRequest,
  server: PolicyServer,
  kind: string,
  meant = true,
): readonly Called[] {
  const configurations = request.live.list({ apiVersion: "admissionregistration.k8s.io/v1", kind });
  if (configurations.length === 0) return NOBODY;
  return configurations.flatMap((configuration) =>
    // Stored configurations have been validated and defaulted.
    (webhooksOf(configuration) as readonly Hook[]).flatMap((hook) => {
      const match = meant ? matchHook(request, server, hook) : { served: undefined };
      const key = `${configuration.metadata.name}/${hook.name}`;
      return match === undefined ? [] : [{ hook, match, key }];
    }),
  );
}

function matchHook(request: AdmissionRequest, server: PolicyServer, hook: Hook): Match | undefined {
  const { rules = [], matchPolicy, namespaceSelector, objectSelector } = hook;
  const match = matchRules(request, rules, matchPolicy, (asked) => server.versions(asked));
  if (match === undefined || !matchesNamespace(request, namespaceSelector)) return undefined;
  return matchesObject(request, objectSelector) ? match : undefined;
}

/** Undefined when a condition rules the request out, or the call failed and that does not matter. */
async function ask(
  expressions: Expressions,
  request: AdmissionRequest,
  server: PolicyServer,
  { hook, match }: Called,
  mutates: boolean,
): Promise<ReviewAnswer | undefined> {
  const matched = matchedRequest(request, match, server);
  if (!conditionsHold(expressions, request, hook, matched)) return undefined;
  if (request.dryRun && hook.sideEffects !== "None" && hook.sideEffects !== "NoneOnDryRun") {
    throw statusError(
      "BadRequest",
      `admission webhook ${JSON.stringify(hook.name)} does not support dry run`,
    );
  }
  const network = { ...server.network, live: request.live };
  const answer = await answerOf(expressions, { ...server, network }, hook, matched, mutates);
  if (answer === undefined) return undefined;
  for (const [key, value] of Object.entries(answer.annotations)) {
    request.annotate(`${hook.name}/${key}`, String(value));
  }
  for (const warning of answer.warnings) request.warn(warning);
  if (!answer.allowed) throw rejection(hook.name, answer.result);
  return answer;
}

const REVIEW_VERSIONS = ["v1", "v1beta1"];

async function answerOf(
  expressions: Expressions,
  server: Pick<PolicyServer, "uid"> & { readonly network: Parameters<typeof callWebhook>[0] },
  hook: Hook,
  matched: Parameters<Expressions["admissionScope"]>[0],
  mutates: boolean,
): Promise<ReviewAnswer | undefined> {
  const { admissionReviewVersions = ["v1"], failurePolicy } = hook;
  const version = admissionReviewVersions.find((one) => REVIEW_VERSIONS.includes(one)) ?? "v1";
  const uid = server.uid();
  try {
    const review = reviewBody(expressions, matched, uid, version);
    const body = await callWebhook(server.network, hook, review);
    return readReview(body, uid, version, mutates);
  } catch (error) {
    if (!(error instanceof CallError || error instanceof ReviewError)) throw error;
    if (failurePolicy === "Ignore") return undefined;
    const why =
      error instanceof CallError
        ? error.message
        : `received invalid webhook response: ${error.message}`;
    throw internal(`failed calling webhook ${JSON.stringify(hook.name)}: ${why}`);
  }
}

function internal(message: string): Error {
  return statusError("InternalError", `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}

const compiled = new WeakMap<Hook, readonly Condition[]>();

function conditionsHold(
  expressions: Expressions,
  request: AdmissionRequest,
  hook: Hook,
  matched: Parameters<Expressions["admissionScope"]>[0],
): boolean {
  if ((hook.matchConditions ?? []).length === 0) return true;
  let conditions = compiled.get(hook);
  if (conditions === undefined) {
    const scope = { hasParams: false, composes: false, mutates: false };
    const compiler = expressions.createPolicyCompiler(scope);
    conditions = (hook.matchConditions ?? []).map(({ name, expression }) => ({
      name,
      expression: compiler.compile(expression, "bool"),
    }));
    compiled.set(hook, conditions);
  }
  const verdict = matchConditions(
    expressions,
    expressions.admissionScope(matched, undefined, []),
    conditions,
  );
  if (verdict.failed !== undefined && hook.failurePolicy !== "Ignore") {
    throw admissionForbidden(request, verdict.failed);
  }
  return verdict.matches;
}
