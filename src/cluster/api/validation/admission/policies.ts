// Admission policies and their bindings. Mirrors kubernetes pkg/apis/admissionregistration/validation ValidateValidatingAdmissionPolicy and
// its siblings; causes come in its order.

import { isRecord } from "../../../../core/index.ts";
import type { Expressions, KubernetesObject, StatusCause } from "../../../../kubernetes/index.ts";
import {
  duplicateField,
  forbiddenField,
  invalidField,
  requiredField,
  unsupportedField,
} from "../../field-error.ts";
import { recordAt, recordsAt, textAt } from "../fields.ts";
import { qualifiedNameFaults } from "../labels.ts";
import { nameFaults } from "../names.ts";
import { validateLabelSelector } from "../selectors.ts";
import {
  choiceCauses,
  conditionCauses,
  expressionFault,
  FAILURE_POLICIES,
  listAt,
  matchResourcesCauses,
  type Scope,
} from "./match-rules.ts";

type Compiler = ReturnType<Expressions["createPolicyCompiler"]>;

const REASONS = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const ACTIONS = ["Audit", "Deny", "Warn"];
const NOT_FOUND_ACTIONS = ["Deny", "Allow"];
const REINVOCATIONS = ["IfNeeded", "Never"];
const ANNOTATIONS_MAX = 20;
const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

export function validateValidatingPolicy(
  expressions: Expressions,
  policy: KubernetesObject,
): readonly StatusCause[] {
  const spec = recordAt(policy, "spec");
  const { compiler, causes } = policyCauses(expressions, spec, false);
  const validations = recordsAt(spec, "validations");
  const annotations = recordsAt(spec, "auditAnnotations");
  if (validations.length + annotations.length === 0) {
    const detail = "validations or auditAnnotations must contain at least one item";
    return [
      ...causes,
      requiredField("spec.validations", detail),
      requiredField("spec.auditAnnotations", detail),
    ];
  }
  return [
    ...causes,
    ...validations.flatMap((validation, index) =>
      validationCauses(`spec.validations[${index}]`, validation, compiler),
    ),
    ...annotationCauses(policy.metadata.name, annotations, compiler),
  ];
}

export function validateMutatingPolicy(
  expressions: Expressions,
  policy: KubernetesObject,
): readonly StatusCause[] {
  const spec = recordAt(policy, "spec");
  const { compiler, causes } = policyCauses(expressions, spec, true);
  const mutations = recordsAt(spec, "mutations");
  return [
    ...causes,
    ...(mutations.length === 0
      ? [requiredField("spec.mutations", "mutations must contain at least one item")]
      : []),
    ...mutations.flatMap((mutation, index) =>
      mutationCauses(`spec.mutations[${index}]`, mutation, compiler),
    ),
    ...choiceCauses("spec.reinvocationPolicy", textAt(spec, "reinvocationPolicy"), REINVOCATIONS),
  ];
}

/** What both kinds of policies share, up to their variables. */
function policyCauses(
  { createPolicyCompiler }: Expressions,
  spec: Scope,
  mutates: boolean,
): { readonly compiler: Compiler; readonly causes: readonly StatusCause[] } {
  const hasParams = isRecord(spec["paramKind"]);
  const variables = recordsAt(spec, "variables");
  const plain = createPolicyCompiler({ hasParams, composes: false, mutates: false });
  const compiler = createPolicyCompiler({ hasParams, composes: variables.length > 0, mutates });
  const constraints = spec["matchConstraints"];
  const failurePolicy = textAt(spec, "failurePolicy");
  const causes = [
    ...choiceCauses("spec.failurePolicy", failurePolicy, FAILURE_POLICIES),
    ...(hasParams ? paramKindCauses(recordAt(spec, "paramKind")) : []),
    ...(isRecord(constraints)
      ? constraintCauses(constraints)
      : [requiredField("spec.matchConstraints")]),
    ...conditionCauses("spec.matchConditions", recordsAt(spec, "matchConditions"), plain),
    ...variables.flatMap((variable, index) =>
      variableCauses(`spec.variables[${index}]`, variable, compiler),
    ),
  ];
  return { compiler, causes };
}

function constraintCauses(constraints: Scope): readonly StatusCause[] {
  const field = "spec.matchConstraints";
  const causes = matchResourcesCauses(field, constraints);
  if (recordsAt(constraints, "resourceRules").length > 0) return causes;
  return [...causes, requiredField(`${field}.resourceRules`)];
}

function paramKindCauses(paramKind: Scope): readonly StatusCause[] {
  const apiVersion = textAt(paramKind, "apiVersion");
  const kind = textAt(paramKind, "kind");
  const at = "spec.paramKind";
  const causes: StatusCause[] = [];
  if (apiVersion === "") causes.push(requiredField(`${at}.apiVersion`));
  else if (apiVersion.split("/").length > 2) {
    const detail = `unexpected GroupVersion string: ${apiVersion}`;
    causes.push(invalidField(`${at}.apiVersion`, apiVersion, detail));
  }
  if (kind === "") return [...causes, requiredField(`${at}.kind`)];
  const faults = nameFaults(kind.toLowerCase(), "label-1035");
  if (faults.length === 0) return causes;
  const detail = `may have mixed case, but should otherwise match: ${faults.join(",")}`;
  return [...causes, invalidField(`${at}.kind`, kind, detail)];
}

function variableCauses(
  field: string,
  variable: Scope,
  compiler: Compiler,
): readonly StatusCause[] {
  const name = textAt(variable, "name");
  const source = textAt(variable, "expression");
  const causes: StatusCause[] = [];
  if (name.trim() === "") causes.push(requiredField(`${field}.name`, "name is not specified"));
  else if (!IDENTIFIER.test(name)) {
    causes.push(invalidField(`${field}.name`, name, "name is not a valid CEL identifier"));
  }
  if (source.trim() === "") {
    return [...causes, requiredField(`${field}.expression`, "expression is not specified")];
  }
  const expression = compiler.addVariable(name, source);
  return [...causes, ...expressionFault(`${field}.expression`, expression)];
}

function validationCauses(
  field: string,
  validation: Scope,
  compiler: Compiler,
): readonly StatusCause[] {
  const source = textAt(validation, "expression");
  const messageSource = textAt(validation, "messageExpression");
  const message = textAt(validation, "message");
  const reason = textAt(validation, "reason");
  const causes: StatusCause[] = [];
  if (source.trim() === "") {
    causes.push(requiredField(`${field}.expression`, "expression is not specified"));
  } else {
    causes.push(...expressionFault(`${field}.expression`, compiler.compile(source, "bool")));
  }
  if (messageSource !== "" && messageSource.trim() === "") {
    const detail = "must be non-empty if specified";
    causes.push(invalidField(`${field}.messageExpression`, messageSource, detail));
  } else if (messageSource !== "") {
    const compiled = compiler.compile(messageSource, "string", false);
    causes.push(...expressionFault(`${field}.messageExpression`, compiled));
  }
  if (message !== "" && message.trim() === "") {
    const detail = "message must be non-empty if specified";
    causes.push(invalidField(`${field}.message`, message, detail));
  } else if (/[\n\r]/.test(message.trim())) {
    causes.push(invalidField(`${field}.message`, message, "message must not contain line breaks"));
  }
  if (reason !== "" && !REASONS.includes(reason)) {
    causes.push(unsupportedField(`${field}.reason`, reason, REASONS));
  }
  return causes;
}

function annotationCauses(
  policy: string,
  annotations: readonly Scope[],
  compiler: Compiler,
): readonly StatusCause[] {
  const field = "spec.auditAnnotations";
  const keys = new Set<string>();
  const causes: StatusCause[] = [];
  if (annotations.length > ANNOTATIONS_MAX) {
    const detail = `must not have more than ${ANNOTATIONS_MAX} auditAnnotations`;
    causes.push(invalidField(field, annotations, detail));
  }
  annotations.forEach((annotation, index) => {
    const at = `${field}[${index}]`;
    const key = textAt(annotation, "key");
    const source = textAt(annotation, "valueExpression");
    const full = `${policy}/${key}`;
    causes.push(
      ...qualifiedNameFaults(full).map((fault) => invalidField(`${at}.key`, full, fault)),
    );
    if (source.trim() === "") {
      const detail = "valueExpression is not specified";
      causes.push(requiredField(`${at}.valueExpression`, detail));
    } else {
      const compiled = compiler.compile(source, "text-or-null");
      causes.push(...expressionFault(`${at}.valueExpression`, compiled));
    }
    if (keys.has(key)) causes.push(duplicateField(`${at}.key`, key));
    keys.add(key);
  });
  return causes;
}

function mutationCauses(
  field: string,
  mutation: Scope,
  compiler: Compiler,
): readonly StatusCause[] {
  const patchType = textAt(mutation, "patchType");
  const isPatch = patchType === "JSONPatch";
  const own = isPatch ? "jsonPatch" : "applyConfiguration";
  const other = isPatch ? "applyConfiguration" : "jsonPatch";
  if (patchType !== "JSONPatch" && patchType !== "ApplyConfiguration") {
    return choiceCauses(`${field}.patchType`, patchType, ["ApplyConfiguration", "JSONPatch"]);
  }
  if (!isRecord(mutation[own])) {
    const detail = `must be specified when patchType is ${patchType}`;
    return [requiredField(`${field}.${own}`, detail)];
  }
  const at = `${field}.${own}.expression`;
  const source = textAt(recordAt(mutation, own), "expression");
  const stray = isRecord(mutation[other])
    ? [forbiddenField(`${field}.${other}`, `must not be specified when patchType is ${patchType}`)]
    : [];
  if (source.trim() === "") return [...stray, requiredField(at, "expression is not specified")];
  return [...stray, ...expressionFault(at, compiler.compile(source, isPatch ? "patch" : "object"))];
}

export function validateValidatingBinding(binding: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(binding, "spec");
  return [...bindingCauses(spec), ...actionCauses(listAt(spec, "validationActions"))];
}

export function validateMutatingBinding(binding: KubernetesObject): readonly StatusCause[] {
  return bindingCauses(recordAt(binding, "spec"));
}

function bindingCauses(spec: Scope): readonly StatusCause[] {
  const policyName = textAt(spec, "policyName");
  const causes: StatusCause[] =
    policyName === ""
      ? [requiredField("spec.policyName")]
      : nameFaults(policyName, "subdomain").map((fault) =>
          invalidField("spec.policyName", policyName, fault),
        );
  if (isRecord(spec["paramRef"])) causes.push(...paramRefCauses(recordAt(spec, "paramRef")));
  if (isRecord(spec["matchResources"])) {
    // The server's own spelling of the field's name.
    causes.push(...matchResourcesCauses("spec.matchResouces", recordAt(spec, "matchResources")));
  }
  return causes;
}

function paramRefCauses(ref: Scope): readonly StatusCause[] {
  const at = "spec.paramRef";
  const name = textAt(ref, "name");
  const hasSelector = isRecord(ref["selector"]);
  const exclusive = "name and selector are mutually exclusive";
  const causes: StatusCause[] = [];
  if (name !== "") {
    const faults = nameFaults(name, "path-segment");
    causes.push(...faults.map((fault) => invalidField(`${at}.name`, name, fault)));
    if (hasSelector) causes.push(forbiddenField(`${at}.name`, exclusive));
  }
  if (hasSelector) {
    causes.push(...validateLabelSelector(`${at}.selector`, recordAt(ref, "selector")));
    if (name !== "") causes.push(forbiddenField(`${at}.selector`, exclusive));
  } else if (name === "") {
    causes.push(requiredField(at, "one of name or selector must be specified"));
  }
  const action = textAt(ref, "parameterNotFoundAction");
  return [...causes, ...choiceCauses(`${at}.parameterNotFoundAction`, action, NOT_FOUND_ACTIONS)];
}

function actionCauses(actions: readonly string[]): readonly StatusCause[] {
  const field = "spec.validationActions";
  const causes = actions.flatMap((action, index) => [
    ...choiceCauses(`${field}[${index}]`, action, ACTIONS),
    ...(actions.indexOf(action) < index ? [duplicateField(`${field}[${index}]`, action)] : []),
  ]);
  if (actions.includes("Deny") && actions.includes("Warn")) {
    const detail =
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
    causes.push(invalidField(field, actions, detail));
  }
  if (actions.length > 0) return causes;
  return [...causes, requiredField(field, "at least one validation action is required")];
}
