// Every object must fit its kind's schema, down to the last field name: a cluster would refuse or silently drop the rest.

import { defineDiagnostic, formatPath } from "../../core/index.ts";
import { displayRef, refOf, validateObject } from "../../kubernetes/index.ts";
import type { Check } from "../target-view.ts";

export const invalidObject = defineDiagnostic<{ object: string; field: string; problem: string }>({
  code: "verify/invalid-object",
  severity: "error",
  message: ({ object, field, problem }) => `${object}: ${field} ${problem}`,
});

export const toleratedObject = defineDiagnostic<{ object: string; field: string; problem: string }>(
  {
    code: "verify/tolerated-object",
    severity: "warning",
    message: ({ object, field, problem }) => `${object}: ${field} ${problem}`,
  },
);

export const unknownKind = defineDiagnostic<{ object: string; apiVersion: string; kind: string }>({
  code: "verify/unknown-kind",
  severity: "error",
  message: ({ object, apiVersion, kind }) => `${object}: no cluster knows ${kind} in ${apiVersion}`,
  hint: () => "add the component whose chart brings this kind",
});

export const checkSchema: Check = function* ({ objects, kinds }) {
  for (const { object, origin } of objects) {
    const shown = displayRef(refOf(object));
    const { apiVersion, kind } = object;
    const facts = kinds.find(apiVersion, kind);
    if (facts === undefined) {
      yield unknownKind(origin.path, { object: shown, apiVersion, kind });
      continue;
    }
    for (const { path, message, severity } of validateObject(object, facts)) {
      const report = severity === "error" ? invalidObject : toleratedObject;
      yield report(origin.path, {
        object: shown,
        field: formatPath(path) || "it",
        problem: message,
      });
    }
  }
};
