// Every finding of the compiler, with its wording.

import type { Path } from "../core/index.ts";
import { defineDiagnostic, didYouMean } from "../core/index.ts";

/** `--env` names no environment of the definition. */
export const unknownEnvironment = defineDiagnostic<{ name: string; known: readonly string[] }>({
  code: "compile/unknown-environment",
  severity: "error",
  message: ({ name }) => `there is no environment ${name}`,
  hint: ({ name, known }) => didYouMean(name, known) ?? `choose one of ${known.join(", ")}`,
});

/** Two decorators want the same field. */
export const contestedField = defineDiagnostic<{
  object: string;
  field: string;
  first: string;
  second: string;
}>({
  code: "compile/contested-field",
  severity: "error",
  message: ({ object, field, first, second }) =>
    `${first} and ${second} both set ${field} of ${object}`,
  hint: ({ first, second }) => `keep one of ${first} and ${second} for this workload`,
});

/** The same object is emitted twice on one cluster. */
export const duplicateObject = defineDiagnostic<{
  object: string;
  target: string;
  first: string;
  second: string;
  elsewhere: Path;
}>({
  code: "compile/duplicate-object",
  severity: "error",
  message: ({ object, target, first, second }) =>
    first === second
      ? `${object} would be written twice by ${first} on ${target}`
      : `${object} would be written by both ${first} and ${second} on ${target}`,
  hint: () => "rename one of the two, or let one of them go",
  related: ({ elsewhere, first }) => [{ path: elsewhere, message: `first written by ${first}` }],
});

/** Two clusters want different text under the same path. */
export const contestedFile = defineDiagnostic<{ file: string }>({
  code: "compile/contested-file",
  severity: "error",
  message: ({ file }) => `${file} would be written twice with different content`,
  hint: () => "give the clusters or components different names",
});

/** Two folders would become Applications of the same name. */
export const contestedApplication = defineDiagnostic<{ name: string; folders: readonly string[] }>({
  code: "compile/contested-application",
  severity: "error",
  message: ({ name, folders }) => `${folders.join(" and ")} would both be the Application ${name}`,
  hint: ({ name }) => `rename the app ${name}`,
});

/** A person changed a file that compile has new content for. */
export const editedFile = defineDiagnostic<{ file: string }>({
  code: "compile/edited-file",
  severity: "error",
  message: ({ file }) => `${file} was changed by hand, and its definition has changed too`,
  hint: ({ file }) =>
    `move the change into the definition, delete ${file} and compile again; --overwrite discards it`,
});

/** A person changed a file whose generated content is as it was; the change is kept. */
export const keptFile = defineDiagnostic<{ file: string }>({
  code: "compile/kept-file",
  severity: "warning",
  message: ({ file }) => `${file} was changed by hand and differs from its definition`,
  hint: () => "move the change into the definition, so that it is not lost",
});

/** A file stands where the compiler would write, and it never wrote it. */
export const foreignFile = defineDiagnostic<{ file: string }>({
  code: "compile/foreign-file",
  severity: "error",
  message: ({ file }) => `${file} exists and was not written by keelson`,
  hint: () => "choose another folder with -o, or move the file away",
});

/** The folder holds environments this run leaves out; writing would remove them. */
export const otherEnvironments = defineDiagnostic<{
  found: readonly string[];
  missing: readonly string[];
}>({
  code: "compile/other-environments",
  severity: "error",
  message: ({ found, missing }) =>
    `the folder holds ${found.join(", ")}, and this run would remove ${missing.join(", ")}`,
  hint: () => "drop --env, or choose another folder with -o",
});
