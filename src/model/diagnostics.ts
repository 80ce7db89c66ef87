// Every finding about how a definition is written, with its wording. Findings about what it means are in plan-diagnostics.ts.

import type { Path } from "../core/index.ts";
import { defineDiagnostic, didYouMean, formatPath } from "../core/index.ts";

/** A key that nothing reads. */
export const unknownKey = defineDiagnostic<{ key: string; known: readonly string[] }>({
  code: "model/unknown-key",
  severity: "error",
  message: ({ key }) => `${JSON.stringify(key)} is not a key that anything reads here`,
  hint: ({ key, known }) => didYouMean(key, known) ?? listed("there are", known),
});

/** A key without which the rest means nothing. */
export const missingKey = defineDiagnostic<{ key: string; expected: string | undefined }>({
  code: "model/missing-key",
  severity: "error",
  message: ({ key }) => `${key} is missing`,
  hint: ({ key, expected }) => `add ${key}${expected === undefined ? "" : `: ${expected}`}`,
});

/** A value of another type than the one that belongs here. */
export const wrongType = defineDiagnostic<{ expected: string; found: string }>({
  code: "model/wrong-type",
  severity: "error",
  message: ({ expected, found }) => `expected ${expected}, found ${found}`,
});

/** Text of the right type in the wrong form. */
export const badFormat = defineDiagnostic<{
  expected: string;
  text: string;
  reason?: string | undefined;
}>({
  code: "model/bad-format",
  severity: "error",
  message: ({ expected, text, reason }) =>
    `${JSON.stringify(text)} is not ${expected}${reason === undefined ? "" : `: ${reason}`}`,
});

/** A name of a record that cannot name what will be made from it. */
export const badName = defineDiagnostic<{ name: string; expected: string; suggestion: string }>({
  code: "model/bad-name",
  severity: "error",
  message: ({ name, expected }) => `the name ${JSON.stringify(name)} is not ${expected}`,
  hint: ({ suggestion }) =>
    suggestion === "" ? undefined : `call it ${JSON.stringify(suggestion)}`,
});

/** A number outside its range. */
export const outOfRange = defineDiagnostic<{ expected: string; found: number }>({
  code: "model/out-of-range",
  severity: "error",
  message: ({ expected, found }) => `expected ${expected}, found ${found}`,
});

/** A word outside a closed set. */
export const unknownChoice = defineDiagnostic<{
  found: string;
  choices: readonly (string | number | boolean)[];
}>({
  code: "model/unknown-choice",
  severity: "error",
  message: ({ found, choices }) =>
    `expected ${choices.map((choice) => JSON.stringify(choice)).join(" or ")}, found ${found}`,
  hint: ({ found, choices }) =>
    didYouMean(
      unquoted(found),
      choices.filter((choice) => typeof choice === "string"),
    ),
});

/** A `kind` that names no component fit for this place. */
export const unknownKind = defineDiagnostic<{
  kind: string;
  place: string;
  known: readonly string[];
  /** What the kind is for, when it exists but belongs elsewhere. */
  belongs?: string | undefined;
}>({
  code: "model/unknown-kind",
  severity: "error",
  message: ({ kind, place, belongs }) =>
    belongs === undefined
      ? `there is no ${place} called ${JSON.stringify(kind)}`
      : `${JSON.stringify(kind)} is a ${belongs}, not a ${place}`,
  hint: ({ kind, known }) => didYouMean(kind, known) ?? listed("choose", known),
});

/** A name that nothing in the definition has. */
export const danglingReference = defineDiagnostic<{
  name: string;
  target: string;
  known: readonly string[];
  /** Where it stood before an override removed it. */
  removed?: Path | undefined;
}>({
  code: "model/dangling-reference",
  severity: "error",
  message: ({ name, target }) => `there is no ${target} called ${JSON.stringify(name)}`,
  hint: ({ name, target, known }) =>
    didYouMean(name, known) ??
    (known.length === 0 ? `declare the ${target} first` : listed("there are", known)),
  related: ({ removed }) =>
    removed === undefined ? [] : [{ path: removed, message: "removed here" }],
});

/** A need that could mean two things. */
export const ambiguousName = defineDiagnostic<{
  name: string;
  /** `databases`, `apps`, … */
  places: readonly string[];
}>({
  code: "model/ambiguous-name",
  severity: "error",
  message: ({ name, places }) =>
    `${JSON.stringify(name)} names ${places.length} things: ${places.join(" and ")}`,
  hint: () => "give one of them another name: an app asks for both by name alone",
  related: ({ name, places }) =>
    places.map((place) => ({ path: [place, name], message: "one is here" })),
});

/** An app that needs itself. */
export const needsItself = defineDiagnostic<{ app: string }>({
  code: "model/needs-itself",
  severity: "error",
  message: ({ app }) => `${app} needs itself`,
  hint: () => "remove the entry",
});

/** Two values of one record that cannot both hold. */
export const contradiction = defineDiagnostic<{ message: string; hint: string }>({
  code: "model/contradiction",
  severity: "error",
  message: ({ message }) => message,
  hint: ({ hint }) => hint,
});

/** A part of the definition that is the same in every environment. */
export const notOverridable = defineDiagnostic<{ key: string }>({
  code: "model/not-overridable",
  severity: "error",
  message: ({ key }) => `${key} is the same in every environment`,
  hint: ({ key }) => `move it to the top level of the definition: ${key}`,
});

/** A `null` where nothing was inherited. */
export const indispensableSlot = defineDiagnostic<{ slot: string; reason: string }>({
  code: "model/indispensable-slot",
  severity: "error",
  message: ({ slot, reason }) => `${slot} cannot be left empty: ${reason}`,
  hint: () => "remove the line, or fill the slot with options of your own",
});

export const nothingToRemove = defineDiagnostic<{
  path: Path;
  name: string;
  known: readonly string[];
}>({
  code: "model/nothing-to-remove",
  severity: "warning",
  message: ({ path }) => `there is no ${formatPath(path)} to remove`,
  hint: ({ name, known }) => didYouMean(name, known) ?? "remove the line",
});

/** An entry only one environment has, with the name of another but for a slip. */
export const addsSimilarName = defineDiagnostic<{ name: string; similar: string; at: Path }>({
  code: "model/adds-similar-name",
  severity: "warning",
  message: ({ name, similar }) =>
    `adds ${JSON.stringify(name)} and leaves ${JSON.stringify(similar)} as it is`,
  hint: ({ similar }) => `did you mean ${JSON.stringify(similar)}?`,
  related: ({ at, similar }) => [{ path: at, message: `${JSON.stringify(similar)} is here` }],
});

/** The same entry twice in a list whose entries must differ. */
export const duplicateEntry = defineDiagnostic<{ text: string; first: Path }>({
  code: "model/duplicate-entry",
  severity: "error",
  message: ({ text }) => `${text} is listed twice`,
  hint: () => "remove one of the two",
  related: ({ first }) => [{ path: first, message: "first listed here" }],
});

/** A list or a record that must hold something holds nothing. */
export const emptyCollection = defineDiagnostic<{ expected: string }>({
  code: "model/empty",
  severity: "error",
  message: ({ expected }) => `expected ${expected}, found none`,
});

/** A value JSON cannot carry: the definition is data. */
export const notData = defineDiagnostic<{ found: string; hint: string }>({
  code: "model/not-data",
  severity: "error",
  message: ({ found }) => `${found} is not plain data`,
  hint: ({ hint }) => hint,
});

/** Nested further than any definition is. */
export const tooDeep = defineDiagnostic<{ limit: number }>({
  code: "model/too-deep",
  severity: "error",
  message: ({ limit }) => `nested more than ${limit} levels deep`,
});

function listed(lead: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const shown = names.slice(0, LISTED_MAX);
  const rest = names.length - shown.length;
  return `${lead} ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** A hint stays one readable line. */
const LISTED_MAX = 20;

function unquoted(found: string): string {
  return found.replace(/^"|"$/g, "");
}
