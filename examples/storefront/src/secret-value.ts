// One value of a secret, whichever way the platform hands it over: a variable of the key's name, or a file that is read
// again every time, so that a rotated secret is used without a restart.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Variables } from "./configuration.ts";

export interface SecretSource {
  readonly variables: Variables;
  readonly directory: string;
}

/** Undefined when neither the variable nor the file is there. */
export async function readSecret(
  { variables, directory }: SecretSource,
  secret: string,
  key: string,
): Promise<string | undefined> {
  const variable = variables[key];
  if (variable !== undefined && variable !== "") return variable;
  try {
    return (await readFile(join(directory, secret, key), "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
