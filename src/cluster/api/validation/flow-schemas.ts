// Validation of FlowSchemas. Mirrors ValidateFlowSchema of kubernetes pkg/apis/flowcontrol/validation/validation.go @v1.36;
// the two that every server needs are those of apiserver pkg/apis/flowcontrol/bootstrap/default.go.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { validateFlowRule } from "./flow-rules.ts";
import { validateName } from "./names.ts";
import { pointerTo, printStruct } from "./print-struct.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const PRECEDENCE_MAX = 10_000;
const METHODS = ["ByNamespace", "ByUser"];

export function validateFlowSchema(schema: KubernetesObject): Causes {
  const { name } = schema.metadata;
  const spec = recordAt(schema, "spec");
  return [
    ...validatePrecedence(name, numberAt(spec, "matchingPrecedence") ?? 0),
    ...validateMethod(spec),
    ...validateLevel(textAt(recordAt(spec, "priorityLevelConfiguration"), "name")),
    ...recordsAt(spec, "rules").flatMap((rule, index) =>
      validateFlowRule(`spec.rules[${index}]`, rule),
    ),
    ...validateMandatory(name, spec),
    ...validateFlowStatus(schema),
  ];
}

/** Of flow schemas and priority levels alike: every condition has a type of its own. */
export function validateFlowStatus(object: KubernetesObject): Causes {
  const seen = new Set<string>();
  return recordsAt(recordAt(object, "status"), "conditions").flatMap((condition, index) => {
    const field = `status.conditions[${index}].type`;
    const type = textAt(condition, "type");
    const isTwice = seen.has(type);
    seen.add(type);
    return [
      ...(isTwice ? [duplicateField(field, type)] : []),
      ...(type === "" ? [requiredField(field)] : []),
    ];
  });
}

function validatePrecedence(name: string, precedence: number): Causes {
  const faults = [
    ...(precedence <= 0 ? ["must be a positive value"] : []),
    ...(precedence > PRECEDENCE_MAX ? [`must not be greater than ${PRECEDENCE_MAX}`] : []),
    ...(precedence === 1 && name !== "exempt"
      ? ["only the schema named 'exempt' may have matchingPrecedence 1"]
      : []),
  ];
  return faults.map((fault) => invalidField("spec.matchingPrecedence", precedence, fault));
}

function validateMethod(spec: Scope): Causes {
  if (spec["distinguisherMethod"] === undefined) return [];
  const method = recordAt(spec, "distinguisherMethod");
  if (METHODS.includes(textAt(method, "type"))) return [];
  const shown = printStruct({ Type: "" }, method);
  return [unsupportedField("spec.distinguisherMethod.type", shown, METHODS)];
}

function validateLevel(name: string): Causes {
  const field = "spec.priorityLevelConfiguration.name";
  if (name === "") return [requiredField(field, "must reference a priority level")];
  return validateName(field, name, "subdomain");
}

const all = (group: readonly string[]): Scope => ({
  subjects: group.map((name) => ({ kind: "Group", group: { name } })),
  resourceRules: [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] },
  ],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
});

const MANDATORY: Readonly<Record<string, Scope>> = {
  exempt: {
    priorityLevelConfiguration: { name: "exempt" },
    matchingPrecedence: 1,
    rules: [all(["system:masters"])],
  },
  "catch-all": {
    priorityLevelConfiguration: { name: "catch-all" },
    matchingPrecedence: 10_000,
    distinguisherMethod: { type: "ByUser" },
    rules: [all(["system:unauthenticated", "system:authenticated"])],
  },
};

const NAMED = { Name: "" };
const SPEC = {
  PriorityLevelConfiguration: NAMED,
  MatchingPrecedence: 0,
  DistinguisherMethod: pointerTo({ Type: "" }),
  Rules: [
    {
      Subjects: [
        {
          Kind: "",
          User: pointerTo(NAMED),
          Group: pointerTo(NAMED),
          ServiceAccount: pointerTo({ Namespace: "", Name: "" }),
        },
      ],
      ResourceRules: [
        { Verbs: null, APIGroups: null, Resources: null, ClusterScope: false, Namespaces: null },
      ],
      NonResourceRules: [{ Verbs: null, NonResourceURLs: null }],
    },
  ],
} as const;

/** Without them some requests would match nothing. */
function validateMandatory(name: string, spec: Scope): Causes {
  const wanted = MANDATORY[name];
  if (wanted === undefined || deepEqual(wanted, spec)) return [];
  const why = `spec of '${name}' must equal the fixed value`;
  return [invalidField("spec", printStruct(SPEC, spec), why)];
}
