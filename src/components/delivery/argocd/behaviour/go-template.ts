// Go templates as the platform's ApplicationSets use them: `{{.a.b.c}}`, a missing key is an error. Anything more is
// refused by name, never approximated. Mirrors Argo CD docs/operator-manual/applicationset/GoTemplate.md.

import { isRecord } from "../../../../core/index.ts";

export type Parameters = Readonly<Record<string, unknown>>;

/** A template the behaviour does not understand, or a key that is not there. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

const ACTION = /\{\{-?\s*(.*?)\s*-?\}\}/g;
const FIELD_CHAIN = /^\.[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/** Expands every string of a value, keys of records included. */
export function expand(value: unknown, parameters: Parameters): unknown {
  if (typeof value === "string") return expandText(value, parameters);
  if (Array.isArray(value)) return value.map((item) => expand(item, parameters));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    expandText(key, parameters),
    expand(item, parameters),
  ]);
  return Object.fromEntries(entries);
}

export function expandText(text: string, parameters: Parameters): string {
  return text.replace(ACTION, (_, action: string) => evaluate(action, parameters));
}

function evaluate(action: string, parameters: Parameters): string {
  if (!FIELD_CHAIN.test(action))
    throw new TemplateError(
      `template action {{${action}}} is not simulated; only {{.field.chains}} are`,
    );
  const value = action
    .slice(1)
    .split(".")
    .reduce<unknown>((current, key) => lookUp(current, key, action), parameters);
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TemplateError(`{{${action}}} is not a scalar`);
}

function lookUp(current: unknown, key: string, action: string): unknown {
  if (isRecord(current) && Object.hasOwn(current, key)) return current[key];
  throw new TemplateError(`{{${action}}}: map has no entry for key "${key}"`);
}
