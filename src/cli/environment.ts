// The only place that reads environment variables.

import { homedir } from "node:os";
import { join } from "node:path";

export interface Environment {
  readonly PATH: string | undefined;
  readonly HOME: string | undefined;
  readonly LANG: string | undefined;
  readonly XDG_CACHE_HOME: string | undefined;
  readonly NO_COLOR: string | undefined;
  readonly FORCE_COLOR: string | undefined;
  readonly TERM: string | undefined;
}

export function readEnvironment(): Environment {
  const { PATH, HOME, LANG, XDG_CACHE_HOME, NO_COLOR, FORCE_COLOR, TERM } = process.env;
  return { PATH, HOME, LANG, XDG_CACHE_HOME, NO_COLOR, FORCE_COLOR, TERM };
}

/** https://no-color.org; a dumb terminal has no colours either. */
export function wantsColor(environment: Environment, isTerminal: boolean): boolean {
  const { NO_COLOR = "", FORCE_COLOR = "", TERM } = environment;
  if (NO_COLOR !== "") return false;
  if (FORCE_COLOR !== "" && FORCE_COLOR !== "0") return true;
  return isTerminal && TERM !== "dumb";
}

/** Where things may be kept that can be made again. */
export function cacheDirectory({ XDG_CACHE_HOME, HOME }: Environment): string {
  return join(XDG_CACHE_HOME || join(HOME || homedir(), ".cache"), "keelson");
}
