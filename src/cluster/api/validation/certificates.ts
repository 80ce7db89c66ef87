// Validation of requests for certificates. Mirrors kubernetes pkg/apis/certificates/validation/validation.go and
// pkg/apis/core/validation/names.go (ValidateSignerName).

import { X509Certificate } from "node:crypto";

import { deepEqual } from "../../../core/index.ts";
import {
  CERTIFICATE_USAGES,
  DerError,
  LEGACY_SIGNER,
  parseSigningRequest,
} from "../../../kubernetes/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import {
  duplicateField,
  forbiddenField,
  invalidField,
  requiredField,
  tooLongField,
  unsupportedField,
} from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { nameFaults } from "./names.ts";

type Scope = Readonly<Record<string, unknown>>;

/** Ten minutes: twice what certificates are dated back. */
const LIFETIME_SECONDS_MIN = 600;
const DOMAIN_LENGTH_MAX = 253;
/** A namespace, a dot and a name. */
const PATH_LENGTH_MAX = 63 + 1 + 253;

export function validateSigningRequest(request: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(request, "spec");
  const seconds = numberAt(spec, "expirationSeconds");
  return [
    ...validateRequest(textAt(spec, "request")),
    ...validateUsages(Array.isArray(spec["usages"]) ? spec["usages"].map(String) : []),
    ...validateSigner(textAt(spec, "signerName")),
    ...(seconds === undefined || seconds >= LIFETIME_SECONDS_MIN
      ? []
      : [invalidField("spec.expirationSeconds", seconds, TOO_SHORT)]),
  ];
}

const TOO_SHORT = "may not specify a duration less than 600 seconds (10 minutes)";

function validateRequest(pem: string): readonly StatusCause[] {
  const fault = requestFault(pem);
  return fault === undefined ? [] : [invalidField("spec.request", pem, fault)];
}

function requestFault(pem: string): string | undefined {
  try {
    return parseSigningRequest(pem).signatureFault;
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}

function validateUsages(usages: readonly string[]): readonly StatusCause[] {
  if (usages.length === 0) return [requiredField("spec.usages")];
  const at = (index: number): string => `spec.usages[${index}]`;
  return [
    ...usages.flatMap((usage, index) =>
      CERTIFICATE_USAGES.includes(usage)
        ? []
        : [unsupportedField(at(index), usage, CERTIFICATE_USAGES)],
    ),
    ...usages.flatMap((usage, index) =>
      usages.indexOf(usage) < index ? [duplicateField(at(index), usage)] : [],
    ),
  ];
}

function validateSigner(name: string): readonly StatusCause[] {
  const field = "spec.signerName";
  if (name === LEGACY_SIGNER) {
    return [invalidField(field, name, "the legacy signerName is not allowed via this API version")];
  }
  if (name === "") return [requiredField(field)];
  const [domain = "", path, ...rest] = name.split("/");
  if (path === undefined || rest.length > 0) {
    const form = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return [invalidField(field, name, form)];
  }
  const causes: StatusCause[] = [];
  if (domain.length > DOMAIN_LENGTH_MAX) causes.push(tooLongField(field, DOMAIN_LENGTH_MAX));
  causes.push(...validateParts(domain, "label"));
  if (!domain.includes(".")) {
    const why = "should be a domain with at least two segments separated by dots";
    causes.push(invalidField(field, domain, why));
  }
  causes.push(...validateParts(path, "subdomain"));
  const lengthMax = DOMAIN_LENGTH_MAX + 1 + PATH_LENGTH_MAX;
  if (name.length > lengthMax) causes.push(tooLongField(field, lengthMax));
  return causes;
}

/** What is wrong with the first part that is wrong. */
function validateParts(text: string, rule: "label" | "subdomain"): readonly StatusCause[] {
  for (const part of text.split(".")) {
    const faults = nameFaults(part, rule);
    if (faults.length === 0) continue;
    return faults.map((fault) => {
      const detail = `validating label ${JSON.stringify(part)}: ${fault}`;
      return invalidField("spec.signerName", text, detail);
    });
  }
  return [];
}

const CONDITIONS = "status.conditions";
const ALWAYS_TRUE: readonly string[] = ["Approved", "Denied", "Failed"];
const DECISIONS: readonly string[] = ["Approved", "Denied"];

/** What may be written through `approval`. */
export function validateApproval(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  return [...validateConditions(next), ...removedConditions(next, old)];
}

/** What may be written through `status`. */
export function validateSigned(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  return [
    ...validateConditions(next),
    ...validateCertificate(next, old),
    ...removedConditions(next, old),
    ...DECISIONS.flatMap((type) => changedDecision(type, next, old)),
  ];
}

function validateConditions(request: KubernetesObject): readonly StatusCause[] {
  const seen = new Set<string>();
  return conditionsOf(request).flatMap((condition, index) => {
    const field = `${CONDITIONS}[${index}]`;
    const type = textAt(condition, "type");
    const causes: StatusCause[] = [];
    if (type === "") causes.push(requiredField(`${field}.type`));
    causes.push(...validateState(`${field}.status`, type, textAt(condition, "status")));
    const opposite = DECISIONS.find((one) => one !== type && seen.has(one));
    if (DECISIONS.includes(type) && opposite !== undefined) {
      const why = "Approved and Denied conditions are mutually exclusive";
      causes.push(invalidField(`${field}.type`, type, why));
    }
    if (seen.has(type)) causes.push(duplicateField(`${field}.type`, type));
    seen.add(type);
    return causes;
  });
}

function validateState(field: string, type: string, state: string): readonly StatusCause[] {
  if (state === "") return [requiredField(field)];
  const allowed = ALWAYS_TRUE.includes(type) ? ["True"] : ["False", "True", "Unknown"];
  return allowed.includes(state) ? [] : [unsupportedField(field, state, allowed)];
}

function removedConditions(next: KubernetesObject, old: KubernetesObject): readonly StatusCause[] {
  return ALWAYS_TRUE.filter((type) => ofType(next, type).length < ofType(old, type).length).map(
    (type) => forbiddenField(CONDITIONS, `updates may not remove a condition of type "${type}"`),
  );
}

function changedDecision(
  type: string,
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const [before, after] = [ofType(old, type), ofType(next, type)];
  if (after.length < before.length || deepEqual(before, after)) return [];
  const what = after.length > before.length ? "add" : "modify";
  return [forbiddenField(CONDITIONS, `updates may not ${what} a condition of type "${type}"`)];
}

function validateCertificate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const field = "status.certificate";
  const [before, after] = [certificateOf(old), certificateOf(next)];
  if (after === before) return [];
  const fault = certificateFault(after);
  const causes = fault === undefined ? [] : [invalidField(field, "<certificate data>", fault)];
  if (before === "") return causes;
  return [...causes, forbiddenField(field, "updates may not modify existing certificate content")];
}

const BLOCKS = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([\s\S]*?)-----END \1-----/g;

function certificateFault(base64: string): string | undefined {
  if (base64 === "") return undefined;
  const blocks = [...Buffer.from(base64, "base64").toString("latin1").matchAll(BLOCKS)];
  if (blocks.length === 0) return "must contain at least one CERTIFICATE PEM block";
  for (const [block, type, body = ""] of blocks) {
    if (type !== "CERTIFICATE") {
      return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    }
    if (body.includes(":")) return "no PEM block headers are permitted";
    try {
      void new X509Certificate(block);
    } catch {
      return "x509: malformed certificate";
    }
  }
  return undefined;
}

function certificateOf(request: KubernetesObject): string {
  return textAt(recordAt(request, "status"), "certificate");
}

function conditionsOf(request: KubernetesObject): readonly Scope[] {
  return recordsAt(recordAt(request, "status"), "conditions");
}

function ofType(request: KubernetesObject, wanted: string): readonly Scope[] {
  return conditionsOf(request).filter(({ type }) => type === wanted);
}
