// The container of a job as a process: the same script by the same shell, with its tools in PATH. A process has no file system
// of its own, so mount paths inside a script get the folder below which the container's mounts lie.

import type { Container } from "../../kubernetes/index.ts";
import type { LocalForm } from "../../model/index.ts";

export interface ScriptTools {
  /** The value of PATH. */
  readonly path: string;
}

/** Undefined for a container that leaves the command to its image. */
export function scriptForm(container: Container, { path }: ScriptTools): LocalForm | undefined {
  const { command = [], args = [], volumeMounts = [] } = container;
  if (command.length === 0) return undefined;
  const mounts = volumeMounts.map(({ mountPath }) => mountPath);
  return {
    command: [...command, ...args].map((part) =>
      belowRoot(part, mounts, isScript(part) ? "$KEELSON_ROOT" : "$(KEELSON_ROOT)"),
    ),
    directory: "/",
    environment: { PATH: path },
  };
}

const isScript = (part: string): boolean => /\s/.test(part);

/** A shell expands the one, the agent the other. Longer paths first: `/data/in` before `/data`. */
export function belowRoot(text: string, mounts: readonly string[], root: string): string {
  const paths = mounts.toSorted((a, b) => b.length - a.length).map(escapePattern);
  if (paths.length === 0) return text;
  const pattern = new RegExp(`(?<![\\w./-])(${paths.join("|")})(?![\\w.-])`, "g");
  return text.replace(pattern, (path) => root + path);
}

const escapePattern = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
