// Containers of pods: those that run, those that run before, and those that look at the others. Mirrors validateContainers,
// validateInitContainers and validateEphemeralContainers of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import {
  duplicateField,
  forbiddenField,
  invalidField,
  notFoundField,
  requiredField,
} from "../field-error.ts";
import { validateContainerPorts, validateHostPorts } from "./container-ports.ts";
import { validateContainerRestart, validateInitRestart } from "./container-restarts.ts";
import { validateEnvironment, validateEnvironmentSources } from "./environment.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { PULL_POLICIES } from "./pull-policies.ts";
import { refuseProbes, validateProbes } from "./probes.ts";
import { validateInitResizePolicies, validateResizePolicies } from "./resize-policies.ts";
import { validateResources } from "./resources.ts";
import { validateContainerSecurity } from "./security-contexts.ts";
import type { Volumes } from "./volume-mounts.ts";
import { validateVolumeDevices, validateVolumeMounts } from "./volume-mounts.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeEach, NO_CAUSES, validateChoice } from "./walk-fields.ts";

/** What containers are judged by of the pod they are in. */
export interface ContainerScope {
  readonly volumes: Volumes;
  /** Names of the pod's claims for devices. */
  readonly claims: ReadonlySet<string>;
  readonly restartPolicy: string;
  /** Seconds; undefined when the pod does not say. */
  readonly grace: number | undefined;
  /** Whether users of the pod are those of its host. */
  readonly hostUsers: boolean;
}

const MESSAGE_POLICIES = ["File", "FallbackToLogsOnError"];

export function validateContainers(field: string, spec: Scope, scope: ContainerScope): Causes {
  const list = recordsAt(spec, "containers");
  if (list.length === 0) return [requiredField(`${field}.containers`)];
  const names = new Set<string>();
  return [
    ...judgeEach(field, spec, "containers", (at, container) => [
      ...validateCommon(at, container, scope),
      ...repeatedName(at, container, names),
      ...validateProbes(at, container, scope.grace),
      ...validateContainerRestart(at, container),
    ]),
    ...validateHostPorts(`${field}.containers`, list),
  ];
}

function repeatedName(field: string, container: Scope, names: Set<string>): Causes {
  const name = textAt(container, "name");
  if (names.has(name)) return [duplicateField(`${field}.name`, name)];
  names.add(name);
  return NO_CAUSES;
}

export function validateInitContainers(field: string, spec: Scope, scope: ContainerScope): Causes {
  if (spec["initContainers"] === undefined) return NO_CAUSES;
  const names = namesOf(spec, ["containers"]);
  return judgeEach(field, spec, "initContainers", (at, container) => {
    const isNamed = textAt(container, "name") !== "";
    const isSidecar = container["restartPolicy"] === "Always";
    return [
      ...validateCommon(at, container, scope),
      ...validateInitRestart(at, container),
      ...(isNamed || names.has("") ? repeatedName(at, container, names) : NO_CAUSES),
      // They run one by one, and the server counts each as the first of its list.
      ...validateHostPorts(`${field}.initContainers`, [container]),
      ...(isSidecar ? validateProbes(at, container, scope.grace) : refuseProbes(at, container)),
      ...validateInitResizePolicies(at, container),
    ];
  });
}

function namesOf(spec: Scope, lists: readonly string[]): Set<string> {
  return new Set(
    lists.flatMap((list) => recordsAt(spec, list).map((container) => textAt(container, "name"))),
  );
}

/** Fields of containers that those which only look have not. */
const REFUSED: readonly string[] = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
];
const NOT_HERE = "cannot be set for an Ephemeral Container";

export function validateEphemeralContainers(
  field: string,
  spec: Scope,
  scope: ContainerScope,
): Causes {
  if (spec["ephemeralContainers"] === undefined) return NO_CAUSES;
  const others = namesOf(spec, ["containers", "initContainers"]);
  const names = new Set(others);
  return judgeEach(field, spec, "ephemeralContainers", (at, container) => {
    const target = textAt(container, "targetContainerName");
    return [
      ...validateCommon(at, container, scope),
      ...validateImageText(at, container),
      ...repeatedName(at, container, names),
      ...(target === "" || others.has(target)
        ? []
        : [notFoundField(`${at}.targetContainerName`, target)]),
      ...refusedFields(at, container),
    ];
  });
}

function refusedFields(field: string, container: Scope): Causes {
  const isSet = (name: string): boolean => {
    const value = container[name];
    return value !== undefined && (name !== "resources" || Object.keys(value as Scope).length > 0);
  };
  return [
    ...REFUSED.filter(isSet).map((name) => forbiddenField(`${field}.${name}`, NOT_HERE)),
    ...judgeEach(field, container, "volumeMounts", (at, mount) =>
      ["subPath", "subPathExpr"]
        .filter((name) => textAt(mount, name) !== "")
        .map((name) => forbiddenField(`${at}.${name}`, NOT_HERE)),
    ),
  ];
}

/** Of a pod alone: a template may hold a blank, which somebody fills in. */
export function validateImageText(field: string, container: Scope): Causes {
  const image = textAt(container, "image");
  if (image.trim() === image) return NO_CAUSES;
  return [invalidField(`${field}.image`, image, "must not have leading or trailing whitespace")];
}

function validateCommon(field: string, container: Scope, scope: ContainerScope): Causes {
  return [
    ...identityFaults(field, container),
    ...validateContainerPorts(field, container),
    ...validateEnvironment(field, container),
    ...validateEnvironmentSources(field, container),
    ...validateVolumeMounts(field, container, scope.volumes),
    ...validateVolumeDevices(field, container, scope.volumes),
    ...validateChoice(`${field}.imagePullPolicy`, container["imagePullPolicy"], PULL_POLICIES),
    ...validateResources(`${field}.resources`, recordAt(container, "resources"), scope),
    ...validateResizePolicies(field, container, scope.restartPolicy),
    ...validateContainerSecurity(field, container, scope.hostUsers),
  ];
}

function identityFaults(field: string, container: Scope): Causes {
  const name = textAt(container, "name");
  const policy = container["terminationMessagePolicy"];
  return [
    ...(name === ""
      ? [requiredField(`${field}.name`)]
      : validateName(`${field}.name`, name, "label")),
    ...(textAt(container, "image") === "" ? [requiredField(`${field}.image`)] : []),
    ...validateChoice(`${field}.terminationMessagePolicy`, policy, MESSAGE_POLICIES),
  ];
}
