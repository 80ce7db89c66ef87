// `npm run locks`: gives every blueprint's lock what the catalogue has now; what is pinned stays where it is.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { createJiti } from "jiti";

import { registry } from "../src/components/index.ts";
import {
  LOCK_FILE,
  parseDefinition,
  readLock,
  SHIPPED_CATALOGUE,
  updateLock,
  writeLock,
} from "../src/model/index.ts";

const BLUEPRINTS = fileURLToPath(new URL("../blueprints", import.meta.url));
const jiti = createJiti(import.meta.url, {
  alias: { keelson: fileURLToPath(new URL("../src/index.ts", import.meta.url)) },
});

for (const name of readdirSync(BLUEPRINTS)) await updateBlueprint(join(BLUEPRINTS, name));

async function updateBlueprint(folder: string): Promise<void> {
  const definition = await jiti.import(join(folder, "platform.ts"), { default: true });
  const parsed = parseDefinition(definition, registry);
  const file = join(folder, LOCK_FILE);
  const previous = existsSync(file) ? readLock(readFileSync(file, "utf8"), file).value : undefined;
  const updated = parsed.value && updateLock(parsed.value, SHIPPED_CATALOGUE, previous);
  const found = [...parsed.diagnostics, ...(updated?.diagnostics ?? [])];
  for (const { severity, code, message } of found)
    process.stderr.write(`${folder}: ${severity}[${code}]: ${message}\n`);
  if (updated?.value === undefined) process.exitCode = 1;
  else writeFileSync(file, writeLock(updated.value.lock));
}
