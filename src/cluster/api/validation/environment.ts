// The environment of containers. Mirrors ValidateEnv and ValidateEnvFrom of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import { invalidField, requiredField } from "../field-error.ts";
import { configKeyFaults } from "./config.ts";
import { fieldReference, resourceReference } from "./field-references.ts";
import { textAt } from "./fields.ts";
import { nameFaults, validateName } from "./names.ts";
import { validateNoBacksteps } from "./relative-paths.ts";
import type { Causes, Judge, Scope } from "./walk-fields.ts";
import { invalidAll, judgeAt, judgeEach, NO_CAUSES } from "./walk-fields.ts";

const VARIABLE_TEXT =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";
const FIELDS: readonly string[] = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const TOO_MANY = "may not have more than one field specified at a time";

/** In the order in which the server looks at them. */
const SOURCES: Readonly<Record<string, Judge>> = {
  fieldRef: fieldReference(FIELDS),
  resourceFieldRef: resourceReference("container"),
  configMapKeyRef: keyReference,
  secretKeyRef: keyReference,
  fileKeyRef: fileReference,
};
const WHOLE_SOURCES: Readonly<Record<string, Judge>> = {
  configMapRef: wholeReference,
  secretRef: wholeReference,
};

export function validateEnvironment(field: string, container: Scope): Causes {
  return judgeEach(field, container, "env", validateVariable);
}

function validateVariable(field: string, variable: Scope): Causes {
  const name = textAt(variable, "name");
  const causes =
    name === "" ? [requiredField(`${field}.name`)] : variableFaults(`${field}.name`, name);
  if (!isRecord(variable["valueFrom"])) return causes;
  const hasValue = textAt(variable, "value") !== "";
  return [...causes, ...validateSource(`${field}.valueFrom`, variable["valueFrom"], hasValue)];
}

/** Any visible character will do but the one that ends the name. */
function variableFaults(field: string, name: string): Causes {
  return /^[ -<>-~]*$/.test(name) ? NO_CAUSES : [invalidField(field, name, VARIABLE_TEXT)];
}

function validateSource(field: string, source: Scope, hasValue: boolean): Causes {
  const { count, causes } = judgeSources(field, source, SOURCES);
  const fault = sourceFault(count, hasValue);
  return fault === undefined ? causes : [...causes, invalidField(field, "", fault)];
}

function sourceFault(count: number, hasValue: boolean): string | undefined {
  if (count === 0) {
    return "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
  }
  if (hasValue) return "may not be specified when `value` is not empty";
  return count > 1 ? TOO_MANY : undefined;
}

function judgeSources(
  field: string,
  source: Scope,
  judges: Readonly<Record<string, Judge>>,
): { readonly count: number; readonly causes: Causes } {
  const present = Object.keys(judges).filter((name) => isRecord(source[name]));
  const causes = present.flatMap((name) =>
    judgeAt(field, source, name, judges[name] ?? (() => NO_CAUSES)),
  );
  return { count: present.length, causes };
}

function keyReference(field: string, reference: Scope): Causes {
  const key = textAt(reference, "key");
  return [
    ...validateName(`${field}.name`, textAt(reference, "name"), "subdomain"),
    ...(key === ""
      ? [requiredField(`${field}.key`)]
      : invalidAll(`${field}.key`, key, configKeyFaults(key))),
  ];
}

function fileReference(field: string, reference: Scope): Causes {
  const parts: Readonly<Record<string, (at: string, text: string) => Causes>> = {
    key: variableFaults,
    volumeName: (at, text) => validateName(at, text, "label"),
    path: validateNoBacksteps,
  };
  return Object.entries(parts).flatMap(([name, judge]) => {
    const text = textAt(reference, name);
    const at = `${field}.${name}`;
    return text === "" ? [requiredField(at)] : judge(at, text);
  });
}

export function validateEnvironmentSources(field: string, container: Scope): Causes {
  // What is wrong with the number of sources is told of the list, not of the entry.
  return judgeEach(field, container, "envFrom", (at, entry) =>
    validateWholeSource(at, entry, `${field}.envFrom`),
  );
}

function validateWholeSource(field: string, entry: Scope, list: string): Causes {
  const prefix = textAt(entry, "prefix");
  const { count, causes } = judgeSources(field, entry, WHOLE_SOURCES);
  const none = "must specify one of: `configMapRef` or `secretRef`";
  return [
    ...variableFaults(`${field}.prefix`, prefix),
    ...causes,
    ...(count === 1 ? NO_CAUSES : [invalidField(list, "", count === 0 ? none : TOO_MANY)]),
  ];
}

/** A name that something is yet to be appended to may end in a dash. */
function wholeReference(field: string, reference: Scope): Causes {
  const name = textAt(reference, "name");
  if (name === "") return [requiredField(`${field}.name`)];
  const judged = name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
  return invalidAll(`${field}.name`, name, nameFaults(judged, "subdomain"));
}
