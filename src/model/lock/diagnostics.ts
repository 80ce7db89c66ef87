// Every finding about `keelson.lock`, with its wording.

import { defineDiagnostic, didYouMean } from "../../core/index.ts";

const UPDATE = "run keelson update";

/** There is no lock at all. */
export const missingLock = defineDiagnostic<{ file: string }>({
  code: "lock/missing",
  severity: "error",
  message: ({ file }) => `there is no ${file}: versions and ranges are not decided yet`,
  hint: () => UPDATE,
});

/** The lock does not know something the definition needs. */
export const incompleteLock = defineDiagnostic<{ file: string; what: string }>({
  code: "lock/incomplete",
  severity: "error",
  message: ({ file, what }) => `${file} has no ${what}`,
  hint: () => UPDATE,
});

/** The text is no YAML. */
export const unreadableLock = defineDiagnostic<{ file: string; reason: string }>({
  code: "lock/not-yaml",
  severity: "error",
  message: ({ file, reason }) => `${file} cannot be read: ${reason}`,
  hint: () => "restore the file from git",
});

/** No block of addresses is left that nothing else uses. */
export const noFreeRange = defineDiagnostic<{ cluster: string; use: string; pool: string }>({
  code: "lock/no-free-range",
  severity: "error",
  message: ({ cluster, use, pool }) => `no range in ${pool} is free for the ${use} of ${cluster}`,
  hint: ({ use }) => `state a ${use === "pods" ? "podRange" : "serviceRange"} for the cluster`,
});

/** A request to move something the lock does not hold. */
export const unknownEntry = defineDiagnostic<{
  name: string;
  what: string;
  known: readonly string[];
}>({
  code: "lock/unknown-entry",
  severity: "error",
  message: ({ name, what }) => `there is no ${what} called ${JSON.stringify(name)}`,
  hint: ({ name, known }) => didYouMean(name, known) ?? `there are ${known.join(", ") || "none"}`,
});

/** An image whose version nobody has said yet. */
export const firstAppVersion = defineDiagnostic<{ app: string; version: string }>({
  code: "lock/first-app-version",
  severity: "warning",
  message: ({ app, version }) =>
    `nobody has said which version of ${app} runs; it starts at ${version}`,
  hint: ({ app }) => `add a tag to the image, or run keelson update --app ${app}=VERSION`,
});
