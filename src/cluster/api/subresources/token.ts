// TokenRequest: a token for a service account, perhaps bound to a pod, a secret or a node.
// Mirrors kubernetes pkg/registry/core/serviceaccount/storage/token.go.

import { formatInstant, isRecord } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { admitBody } from "../admission-attributes.ts";
import type { ApiContext } from "../api-context.ts";
import type { Caller } from "../caller.ts";
import { decodeObject } from "../decoding/decode-object.ts";
import { invalidField } from "../field-error.ts";
import { trackUpdate } from "../managed-fields/track.ts";
import { badRequest, conflict, invalid, notFound } from "../refusals.ts";
import type { Resource } from "../resource.ts";
import { timestamp } from "../timestamp.ts";
import type { TokenBinding } from "../tokens/service-account-tokens.ts";
import { createUid } from "../uid.ts";
import { recordAt, textAt } from "../validation/fields.ts";
import { get } from "../verbs/get.ts";
import { PLAIN_WRITE } from "../verbs/requests.ts";

export interface TokenRequest {
  /** Of the service accounts. */
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly caller: Caller;
  readonly body: unknown;
}

type Scope = Readonly<Record<string, unknown>>;

const HOUR_SECONDS = 3600;
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 2 ** 32;

const TOKEN_REQUEST = { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" };

export async function requestToken(
  api: ApiContext,
  request: TokenRequest,
): Promise<KubernetesObject> {
  const account = get(api, request);
  const write = { ...PLAIN_WRITE, ...request, subresource: "token" };
  const body = await admitBody(api, write, TOKEN_REQUEST);
  const asked = readRequest(api, { ...request, body });
  const spec = recordAt(asked, "spec");
  const expirationSeconds = Number(spec["expirationSeconds"] ?? HOUR_SECONDS);
  checkExpiration(expirationSeconds);
  const given = Array.isArray(spec["audiences"]) ? spec["audiences"].map(String) : [];
  const audiences = given.length === 0 ? [api.tokens.issuer] : given;
  const binding = bindingOf(api, request, spec["boundObjectRef"]);
  const id = createUid(api.rng);
  const token = api.tokens.issue(account, { audiences, expirationSeconds, binding, id });
  const expires = formatInstant(api.clock.now() + expirationSeconds * 1000);
  return {
    ...asked,
    spec: { ...spec, audiences, expirationSeconds, boundObjectRef: spec["boundObjectRef"] ?? null },
    status: { token, expirationTimestamp: expires },
  };
}

/** The request as an object of its own: it has a uid and managed fields although nobody stores it. */
function readRequest(
  api: ApiContext,
  { namespace, name, caller, body }: TokenRequest,
): KubernetesObject {
  const resource = api.registry.bodyResource("authentication.k8s.io/v1", "TokenRequest");
  if (resource === undefined || !isRecord(body))
    throw badRequest("the body must be a TokenRequest");
  const decoded = decodeObject(resource, body, { fieldValidation: "Warn", caller });
  const given = textAt(decoded.metadata as unknown as Scope, "name");
  if (given !== "" && given !== name) {
    throw badRequest(
      `the name of the service account in the token request (${given}) does not match the name in the URL (${name})`,
    );
  }
  const options = {
    manager: caller.defaultManager,
    subresource: "token",
    time: timestamp(api.clock),
  };
  const { metadata, ...rest } = trackUpdate(resource, undefined, decoded, options);
  const own = { uid: createUid(api.rng), creationTimestamp: timestamp(api.clock) };
  const placed = namespace === undefined ? { name } : { name, namespace };
  return { ...rest, metadata: { ...placed, ...own, ...without(metadata) } } as KubernetesObject;
}

function without({
  name: _name,
  namespace: _namespace,
  ...rest
}: KubernetesObject["metadata"]): Scope {
  return { ...rest };
}

function checkExpiration(seconds: number): void {
  const field = "spec.expirationSeconds";
  const causes: StatusCause[] = [];
  if (seconds < SHORTEST_SECONDS) {
    causes.push(invalidField(field, seconds, "may not specify a duration less than 10 minutes"));
  }
  if (seconds > LONGEST_SECONDS) {
    causes.push(
      invalidField(field, seconds, "may not specify a duration larger than 2^32 seconds"),
    );
  }
  if (causes.length === 0) return;
  throw invalid({ group: "authentication.k8s.io", kind: "TokenRequest" }, "", causes);
}

/** Kinds a token can be bound to. */
const BINDABLE: Readonly<Record<string, TokenBinding["kind"]>> = {
  Pod: "pod",
  Secret: "secret",
  Node: "node",
};

function bindingOf(
  api: ApiContext,
  { namespace }: TokenRequest,
  reference: unknown,
): TokenBinding | undefined {
  if (!isRecord(reference)) return undefined;
  const kind = BINDABLE[textAt(reference, "kind")];
  const resource = api.registry.byKind("v1", textAt(reference, "kind"));
  if (kind === undefined || resource === undefined) {
    throw badRequest(
      `cannot bind token for serviceaccount to object ${JSON.stringify(textAt(reference, "kind"))}`,
    );
  }
  const name = textAt(reference, "name");
  const within = resource.facts.namespaced ? (namespace ?? "") : "";
  const found = api.store.get({ resource: resource.storeResource, namespace: within, name });
  if (found === undefined) throw notFound(resource.facts, name);
  const uid = found.metadata.uid ?? "";
  const asked = textAt(reference, "uid");
  if (asked !== "" && asked !== uid) {
    const why = `the UID in the bound object reference (${asked}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict(resource.facts, name, why);
  }
  return kind === "pod" ? { kind, name, uid, ...nodeOf(api, found) } : { kind, name, uid };
}

function nodeOf(api: ApiContext, pod: KubernetesObject): Pick<TokenBinding, "node"> {
  const name = textAt(recordAt(pod, "spec"), "nodeName");
  if (name === "") return {};
  const node = api.store.get({ resource: "/nodes", namespace: "", name });
  return { node: { name, uid: node?.metadata.uid ?? "" } };
}
