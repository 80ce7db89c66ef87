// The shipped blueprints: definition, lock, and what they compile to.

import { readFileSync } from "node:fs";

import greenfield from "../../blueprints/greenfield/platform.ts";
import homeLab from "../../blueprints/home-lab/platform.ts";
import hybrid from "../../blueprints/hybrid/platform.ts";
import localFirst from "../../blueprints/local-first/platform.ts";
import managed from "../../blueprints/managed/platform.ts";
import { compile } from "../../src/compiler/index.ts";
import { registry } from "../../src/components/index.ts";
import type { Platform } from "../../src/index.ts";
import { LOCK_FILE, readLock, type Compiled, type Lock } from "../../src/model/index.ts";

export interface Blueprint {
  readonly name: string;
  readonly definition: Platform;
  readonly lock: Lock;
}

export const BLUEPRINTS: readonly Blueprint[] = [
  blueprint("greenfield", greenfield),
  blueprint("home-lab", homeLab),
  blueprint("hybrid", hybrid),
  blueprint("local-first", localFirst),
  blueprint("managed", managed),
];

function blueprint(name: string, definition: Platform): Blueprint {
  const file = new URL(`../../blueprints/${name}/${LOCK_FILE}`, import.meta.url);
  const { value: lock } = readLock(readFileSync(file, "utf8"), LOCK_FILE);
  if (lock === undefined) throw new Error(`the lock of ${name} cannot be read`);
  return { name, definition, lock };
}

export function shippedBlueprint(name: string): Blueprint {
  const found = BLUEPRINTS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no blueprint is called ${name}`);
  return found;
}

export function compileBlueprint({ name, definition, lock }: Blueprint): Compiled {
  const { value, diagnostics } = compile({ definition, registry, lock, sealed: {} });
  if (value === undefined) throw new Error(`${name}: ${JSON.stringify(diagnostics)}`);
  return value;
}
