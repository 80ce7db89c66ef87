// Validation of VolumeAttachments. Mirrors ValidateVolumeAttachment and ValidateVolumeAttachmentUpdate of kubernetes
// pkg/apis/storage/validation/validation.go, and what ValidatePersistentVolumeSpec says of inline volumes in
// pkg/apis/core/validation @v1.36.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, tooLongField } from "../field-error.ts";
import { validateAccessModes } from "./access-modes.ts";
import { validateDriverName } from "./csi-nodes.ts";
import { listAt, numberAt, recordAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { validateVolumeSources } from "./volume-sources.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const METADATA_BYTES_MAX = 256 * 1024;
const MESSAGE_BYTES_MAX = 1024;
const INT32_MAX = 2_147_483_647;
const SOURCE = "spec.source";

export function validateNewAttachment(attachment: KubernetesObject): Causes {
  const spec = recordAt(attachment, "spec");
  const volume = textAt(recordAt(spec, "source"), "persistentVolumeName");
  const isNamed = recordAt(spec, "source")["persistentVolumeName"] !== undefined;
  return [
    ...validateDriverName("spec.attacher", textAt(spec, "attacher")),
    ...validateSource(attachment, recordAt(spec, "source")),
    ...validateName("spec.nodeName", textAt(spec, "nodeName"), "subdomain"),
    ...validateStatus(attachment),
    ...(isNamed ? validateName(`${SOURCE}.persistentVolumeName`, volume, "subdomain") : []),
  ];
}

export function validateAttachmentUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const isSame = deepEqual(next["spec"], old["spec"]);
  const why = "field is immutable";
  return [
    ...validateNewAttachment(next),
    ...(isSame ? [] : [invalidField("spec", printSpec(recordAt(next, "spec")), why)]),
  ];
}

/** An inline volume is shown under the names of the API; Kubernetes shows those of its Go types. */
function printSpec(spec: Scope): Scope {
  const source = recordAt(spec, "source");
  return {
    Attacher: textAt(spec, "attacher"),
    Source: {
      PersistentVolumeName: source["persistentVolumeName"] ?? null,
      InlineVolumeSpec: source["inlineVolumeSpec"] ?? null,
    },
    NodeName: textAt(spec, "nodeName"),
  };
}

function validateSource(attachment: KubernetesObject, source: Scope): Causes {
  const { persistentVolumeName: name, inlineVolumeSpec: inline } = source;
  const one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (name === undefined && inline === undefined) return [requiredField(SOURCE, one)];
  if (name !== undefined && inline !== undefined) return [forbiddenField(SOURCE, one)];
  if (inline !== undefined) return validateInline(attachment, recordAt(source, "inlineVolumeSpec"));
  const empty = "must specify non empty persistentVolumeName";
  return name === "" ? [requiredField(`${SOURCE}.persistentVolumeName`, empty)] : [];
}

const IN_LINE = "in the context of inline volumes";

/** A volume that is not an object: it belongs to nobody, is not counted, and stays when it is let go. */
function validateInline(attachment: KubernetesObject, spec: Scope): Causes {
  const field = `${SOURCE}.inlineVolumeSpec`;
  const forbidden = (name: string): Causes =>
    spec[name] === undefined
      ? []
      : [forbiddenField(`${field}.${name}`, `may not be specified ${IN_LINE}`)];
  const policy = textAt(spec, "persistentVolumeReclaimPolicy");
  const isKept = policy === "" || policy === "Retain";
  const kept = `may only be Retain ${IN_LINE}`;
  return [
    ...forbidden("claimRef"),
    ...forbidden("capacity"),
    ...(spec["csi"] === undefined
      ? [requiredField(`${field}.csi`, `has to be specified ${IN_LINE}`)]
      : []),
    ...validateAccessModes(`${field}.accessModes`, listAt(spec, "accessModes")),
    ...(isKept ? [] : [forbiddenField(`${field}.persistentVolumeReclaimPolicy`, kept)]),
    ...forbidden("nodeAffinity"),
    ...validateVolumeSources(attachment, spec).map((cause) => ({
      ...cause,
      field: (cause.field ?? "").replace(/^spec/, field),
    })),
  ];
}

function validateStatus(attachment: KubernetesObject): Causes {
  const field = "status.attachmentMetadata";
  const status = recordAt(attachment, "status");
  const entries = Object.entries(recordAt(status, "attachmentMetadata"));
  const bytes = entries.flat().reduce<number>((sum, text) => sum + byteLength(text), 0);
  return [
    ...(bytes > METADATA_BYTES_MAX ? [tooLongField(field, METADATA_BYTES_MAX)] : []),
    ...["attachError", "detachError"].flatMap((name) =>
      validateError(`status.${name}`, recordAt(status, name)),
    ),
  ];
}

function byteLength(text: unknown): number {
  return typeof text === "string" ? Buffer.byteLength(text) : 0;
}

function validateError(field: string, error: Scope): Causes {
  const isLong = byteLength(error["message"]) > MESSAGE_BYTES_MAX;
  const code = numberAt(error, "errorCode") ?? 0;
  const range = `must be between 0 and ${INT32_MAX}, inclusive`;
  return [
    // Upstream names the limit of the metadata here.
    ...(isLong ? [tooLongField(`${field}.message`, METADATA_BYTES_MAX)] : []),
    ...(code < 0 ? [invalidField(`${field}.errorCode`, code, range)] : []),
  ];
}
