// What each source of a pod's volume has to say. Mirrors the validate…VolumeSource functions of kubernetes
// pkg/apis/core/validation/validation.go @v1.36; sources that volumes of the cluster have too are judged by the same rules.

import {
  compareQuantities,
  isRecord,
  parseQuantity,
  plainText,
  ZERO_QUANTITY,
} from "../../../core/index.ts";
import { forbiddenField, requiredField } from "../field-error.ts";
import { validateClaimTemplate } from "./claim-templates.ts";
import { PULL_POLICIES } from "./pull-policies.ts";
import { recordAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { validateDownwardFile, validateItem, validateMode } from "./projected-volumes.ts";
import { validateDescendingPath } from "./relative-paths.ts";
import type { SourcePart, SourceRule } from "./volume-source-rules.ts";
import { driver, SOURCE_RULES } from "./volume-source-rules.ts";
import { POD_ISCSI } from "./volume-targets.ts";
import type { Causes } from "./walk-fields.ts";
import { judgeEach, NO_CAUSES, validateChoice } from "./walk-fields.ts";

export const POD_SOURCE_RULES: Readonly<Record<string, readonly SourceRule[]>> = {
  ...SOURCE_RULES,
  emptyDir: [sizeLimit],
  gitRepo: [required("repository"), directory],
  secret: [required("secretName"), mode, items],
  configMap: [required("name"), mode, items],
  persistentVolumeClaim: [required("claimName")],
  iscsi: POD_ISCSI,
  cinder: [required("volumeID"), secretName("secretRef")],
  downwardAPI: [mode, files],
  storageos: [storageName, secretName("secretRef")],
  projected: [mode],
  csi: [driver, publishSecret],
  ephemeral: [claimTemplate],
  image: [
    (field, { source }) =>
      validateChoice(`${field}.pullPolicy`, source["pullPolicy"], PULL_POLICIES),
  ],
};

function required(name: string): SourceRule {
  return (field, { source }) =>
    textAt(source, name) === "" ? [requiredField(`${field}.${name}`)] : NO_CAUSES;
}

function sizeLimit(field: string, { source }: SourcePart): Causes {
  const limit = source["sizeLimit"];
  if (limit === undefined) return NO_CAUSES;
  const quantity = parseQuantity(plainText(limit)) ?? ZERO_QUANTITY;
  if (compareQuantities(quantity, ZERO_QUANTITY) >= 0) return NO_CAUSES;
  const why = "SizeLimit field must be a valid resource quantity";
  return [forbiddenField(`${field}.sizeLimit`, why)];
}

function directory(field: string, { source }: SourcePart): Causes {
  return validateDescendingPath(`${field}.directory`, textAt(source, "directory"));
}

function mode(field: string, { source }: SourcePart): Causes {
  return validateMode(`${field}.defaultMode`, source["defaultMode"]);
}

function items(field: string, { source }: SourcePart): Causes {
  return judgeEach(field, source, "items", validateItem);
}

/** What is wrong with a file is told of the whole source. */
function files(field: string, { source }: SourcePart): Causes {
  return judgeEach(field, source, "items", (_, file) => validateDownwardFile(field, file));
}

function secretName(name: string): SourceRule {
  return (field, { source }) => {
    if (!isRecord(source[name])) return NO_CAUSES;
    const isNamed = textAt(recordAt(source, name), "name") !== "";
    return isNamed ? NO_CAUSES : [requiredField(`${field}.${name}.name`)];
  };
}

function storageName(field: string, { source }: SourcePart): Causes {
  const [name, namespace] = [textAt(source, "volumeName"), textAt(source, "volumeNamespace")];
  return [
    ...(name === ""
      ? [requiredField(`${field}.volumeName`)]
      : validateName(`${field}.volumeName`, name, "label")),
    ...(namespace === "" ? [] : validateName(`${field}.volumeNamespace`, namespace, "label")),
  ];
}

function publishSecret(field: string, part: SourcePart): Causes {
  const reference = part.source["nodePublishSecretRef"];
  if (!isRecord(reference)) return NO_CAUSES;
  const name = textAt(reference, "name");
  if (name === "") return secretName("nodePublishSecretRef")(field, part);
  return validateName(`${field}.name`, name, "subdomain");
}

function claimTemplate(field: string, { source }: SourcePart): Causes {
  const template = source["volumeClaimTemplate"];
  const at = `${field}.volumeClaimTemplate`;
  return isRecord(template) ? validateClaimTemplate(at, template) : [requiredField(at)];
}
