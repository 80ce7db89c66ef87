// Which files a pod's annotations ask for, and where their values lie.

import { PREFIX } from "../annotations.ts";

export interface RenderedFile {
  /** What the annotations call it. */
  readonly id: string;
  readonly folder: string;
  readonly file: string;
  /** Below the engine's mount, without `data`. */
  readonly path: string;
  /** Absent for a template of another shape, which no agent is there to run. */
  readonly key?: string;
}

const SECRET = `${PREFIX}/agent-inject-secret-`;
const USUAL_FOLDER = "/vault/secrets";

export function renderedFiles(annotations: Readonly<Record<string, string>>): RenderedFile[] {
  return Object.entries(annotations).flatMap(([name, value]) => {
    if (!name.startsWith(SECRET)) return [];
    const id = name.slice(SECRET.length);
    const said = (key: string): string | undefined => annotations[`${PREFIX}/${key}-${id}`];
    const key = /index \.Data\.data "([^"]+)"/.exec(said("agent-inject-template") ?? "")?.[1];
    return {
      id,
      folder:
        said("secret-volume-path") ?? annotations[`${PREFIX}/secret-volume-path`] ?? USUAL_FOLDER,
      file: said("agent-inject-file") ?? id,
      path: value.replace(/^[^/]+\/data\//, ""),
      ...(key === undefined ? {} : { key }),
    };
  });
}

/** Of the Secret that stands in for what the agents of an account wrote. */
export const renderedName = (account = "default"): string => `vault-agent-${account}`;
