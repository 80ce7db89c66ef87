// Volumes whose files come from the API. Mirrors validateProjectionSources, validateKeyToPath and validateDownwardAPIVolumeFile of
// kubernetes pkg/apis/core/validation/validation.go @v1.36, with the gates ClusterTrustBundleProjection and PodCertificateRequest off
// as they are by default.

import { isRecord } from "../../../core/index.ts";
import { forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { fieldReference, resourceReference } from "./field-references.ts";
import { numberAt, recordsAt, textAt } from "./fields.ts";
import { validateFreePath } from "./relative-paths.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeAt, judgeEach, NO_CAUSES, validateRange } from "./walk-fields.ts";

const MODES = {
  min: 0,
  max: 0o777,
  text: "must be a number between 0 and 0777 (octal), both inclusive",
};
const FIELDS = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];
const judgeField = fieldReference(FIELDS);
const judgeResource = resourceReference("volume");
const TEN_MINUTES = 600;
const SECONDS_MAX = 2 ** 32;

export function validateMode(field: string, mode: unknown): Causes {
  return validateRange(field, mode, MODES);
}

/** A key and the path of its file. */
export function validateItem(field: string, item: Scope): Causes {
  const path = textAt(item, "path");
  return [
    ...(textAt(item, "key") === "" ? [requiredField(`${field}.key`)] : []),
    ...(path === "" ? [requiredField(`${field}.path`)] : validateFreePath(`${field}.path`, path)),
    ...validateMode(`${field}.mode`, item["mode"]),
  ];
}

/** A field of the pod, or a resource of a container. */
export function validateDownwardFile(field: string, file: Scope): Causes {
  const path = textAt(file, "path");
  return [
    ...(path === "" ? [requiredField(`${field}.path`)] : validateFreePath(`${field}.path`, path)),
    ...referenceFaults(field, file),
    ...validateMode(`${field}.mode`, file["mode"]),
  ];
}

function referenceFaults(field: string, file: Scope): Causes {
  const both = "fieldRef and resourceFieldRef can not be specified simultaneously";
  if (isRecord(file["fieldRef"])) {
    const causes = judgeAt(field, file, "fieldRef", judgeField);
    return isRecord(file["resourceFieldRef"])
      ? [...causes, invalidField(field, "resource", both)]
      : causes;
  }
  if (isRecord(file["resourceFieldRef"])) {
    return judgeAt(field, file, "resourceFieldRef", judgeResource);
  }
  return [requiredField(field, "one of fieldRef and resourceFieldRef is required")];
}

const KINDS = ["secret", "configMap", "downwardAPI", "serviceAccountToken"] as const;

/** Files of all sources, none of which may take the place of another. */
export function validateProjection(field: string, projection: Scope): Causes {
  const paths = new Set<string>();
  return judgeEach(field, projection, "sources", (at, source) => {
    const kinds = KINDS.filter((kind) => isRecord(source[kind]));
    const why = "may not specify more than 1 volume type per source";
    return [
      ...kinds.flatMap((kind) =>
        judgeAt(at, source, kind, (place, part) => judgeKind(kind, place, part, { field, paths })),
      ),
      ...(kinds.length > 1 ? [forbiddenField(at, why)] : []),
    ];
  });
}

interface Projection {
  readonly field: string;
  readonly paths: Set<string>;
}

function judgeKind(
  kind: (typeof KINDS)[number],
  field: string,
  part: Scope,
  whole: Projection,
): Causes {
  if (kind === "serviceAccountToken") return tokenFaults(field, part, whole.field);
  if (kind === "downwardAPI") {
    return recordsAt(part, "items").flatMap((file) => [
      ...validateDownwardFile(field, file),
      ...takenPath(whole, file, textAt(file, "path")),
    ]);
  }
  const name = textAt(part, "name");
  return [
    ...(name === "" ? [requiredField(`${field}.name`)] : []),
    ...judgeEach(field, part, "items", (at, item) => [
      ...validateItem(at, item),
      ...takenPath(whole, item, name),
    ]),
  ];
}

/** `owner` is what the server names instead of the path. */
function takenPath({ field, paths }: Projection, item: Scope, owner: string): Causes {
  const path = textAt(item, "path");
  if (path === "") return NO_CAUSES;
  if (paths.has(path)) return [invalidField(field, owner, "conflicting duplicate paths")];
  paths.add(path);
  return NO_CAUSES;
}

/** What is wrong with its path is told of the volume. */
function tokenFaults(field: string, token: Scope, volume: string): Causes {
  const seconds = numberAt(token, "expirationSeconds") ?? 0;
  const path = textAt(token, "path");
  const at = `${field}.expirationSeconds`;
  return [
    ...(seconds < TEN_MINUTES
      ? [invalidField(at, seconds, "may not specify a duration less than 10 minutes")]
      : []),
    ...(seconds > SECONDS_MAX
      ? [invalidField(at, seconds, "may not specify a duration larger than 2^32 seconds")]
      : []),
    ...(path === "" ? [requiredField(`${volume}.path`)] : validateFreePath(`${volume}.path`, path)),
  ];
}
