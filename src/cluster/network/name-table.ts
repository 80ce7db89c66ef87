// What the cluster's names mean on this machine, as one file that the processes' hook reads. It is replaced in one step, so
// that a reader sees the old table or the new one.

import { renameSync, writeFileSync } from "node:fs";

export interface NameTable {
  /** `name.namespace`, or `host.name.namespace` for pods of headless Services → addresses in the order of their pods. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Names of Services of type ExternalName → what they stand for. */
  readonly aliases: Readonly<Record<string, string>>;
  /** `address:port` → `host:port`, where this machine cannot listen on the cluster's own port. */
  readonly ports: Readonly<Record<string, string>>;
}

export const EMPTY_TABLE: NameTable = { names: {}, aliases: {}, ports: {} };

/** Writes when something changed. */
export function createTableFile(path: string): { write(table: NameTable): void } {
  let written: string | undefined;
  return {
    write(table) {
      const text = JSON.stringify(table);
      if (text === written) return;
      written = text;
      writeFileSync(`${path}.next`, text);
      renameSync(`${path}.next`, path);
    },
  };
}

/** The keys a host may have in the table, in the order of a pod's search list (`ns.svc.cluster.local`, `svc.…`, `cluster.…`). */
export function searchKeys(host: string, namespace: string): readonly string[] {
  const name = host.toLowerCase().replace(/\.$/, "");
  const whole = /^(.+)\.svc\.cluster\.local$/.exec(name)?.[1];
  if (whole !== undefined) return [whole];
  const service = /^(.+)\.svc$/.exec(name)?.[1];
  return [
    `${name}.${namespace}`,
    ...(name.includes(".") ? [name] : []),
    ...(service ? [service] : []),
  ];
}
