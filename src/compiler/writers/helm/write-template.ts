// The text of a templated object: the manifest as a person would write it, with actions where values come in.

import { formatManifest } from "../yaml.ts";
import type { TemplatedObject } from "./template-object.ts";
import type { PlacedSlot } from "./values-tree.ts";

export interface TemplateText {
  readonly body: TemplatedObject["body"];
  /** One for each slot key, in order. */
  readonly groups: readonly (readonly PlacedSlot[])[];
  readonly header: readonly string[];
  /** Key of the object's values, where not every cluster has the object. */
  readonly condition?: string;
}

const SLOT_LINE = /^( *)keelson-slot-(\d+|labels): null$/gm;

/** A member of `metadata.labels` that stands for the labels all objects of the app carry. */
export const LABELS_KEY = "keelson-slot-labels";

export function writeTemplate({ body, groups, header, condition }: TemplateText): string {
  const manifest = escapeActions(formatManifest(body, { header }));
  const text = manifest.replace(SLOT_LINE, (_, indent: string, group: string) =>
    group === "labels" ? labelsAction(indent) : actionOf(groups[Number(group)] ?? [], indent),
  );
  if (condition === undefined) return text;
  return `{{- if .Values.${condition}.enabled }}\n${text}{{- end }}\n`;
}

/** What looks like an action in a value is text. */
function escapeActions(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}

function actionOf(slots: readonly PlacedSlot[], indent: string): string {
  const [first] = slots;
  if (first === undefined) return "";
  const values = [".Values", ...first.place].join(".");
  const { length } = indent;
  if (first.template !== undefined)
    return `${indent}{{- include "${first.template}" ${values} | nindent ${length} }}`;
  const fields = slots.map(({ field }) => JSON.stringify(field)).join(" ");
  return `${indent}{{- with pick ${values} ${fields} }}{{ toYaml . | nindent ${length} }}{{ end }}`;
}

function labelsAction(indent: string): string {
  return `${indent}{{- include "library.labels" . | nindent ${indent.length} }}`;
}
