// The audit log of an embedded cluster, where its platform has a policy for one: a line of JSON for each event, as kube-apiserver
// --audit-log-path writes it. The file starts anew with every `up`.

import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import type { ServeOptions } from "../../cluster/index.ts";
import { auditPolicyOf } from "../../kubernetes/index.ts";
import type { CompiledTarget } from "../../model/index.ts";

export interface AuditLog {
  readonly audit: NonNullable<ServeOptions["audit"]>;
  close(): Promise<void>;
}

/** Undefined where nothing is audited. */
export function openAuditLog(folder: string, target: CompiledTarget): AuditLog | undefined {
  const { target: name } = target.cluster;
  const file = target.files.find((one) => one.file === `clusters/${name}/audit/policy.yaml`);
  const policy = file && auditPolicyOf(parse(file.text));
  if (policy === undefined) return undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stream = createWriteStream(join(folder, `${name}.log`), { mode: 0o600 });
  return {
    audit: { policy, write: (event) => void stream.write(`${JSON.stringify(event)}\n`) },
    close: () => new Promise((resolve) => void stream.end(() => resolve())),
  };
}
