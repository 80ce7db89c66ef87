// What can be wrong with a definition's file before its content is looked at.

import { defineDiagnostic, didYouMean } from "../../core/index.ts";

export const syntaxError = defineDiagnostic<{ problem: string }>({
  code: "definition/syntax",
  severity: "error",
  message: ({ problem }) => problem,
});

export const thrownError = defineDiagnostic<{ file: string; problem: string }>({
  code: "definition/throws",
  severity: "error",
  message: ({ file, problem }) => `${file} threw an error: ${problem}`,
});

export const missingExport = defineDiagnostic<{ file: string; found: string }>({
  code: "definition/no-export",
  severity: "error",
  message: ({ file, found }) => `${file} exports ${found} where a definition belongs`,
  hint: () => "end the file with: export default definePlatform({ … })",
});

export const unknownHelper = defineDiagnostic<{ name: string; known: readonly string[] }>({
  code: "definition/unknown-helper",
  severity: "error",
  message: ({ name }) => `keelson exports nothing called ${name}`,
  hint: ({ name, known }) => didYouMean(name, known),
});

export const wrongSealed = defineDiagnostic<{ file: string }>({
  code: "definition/sealed-shape",
  severity: "error",
  message: ({ file }) => `${file} is not what keelson seal writes`,
  hint: ({ file }) => `restore ${file} from git`,
});
