// Options several commands share; the same flag means the same everywhere.

import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";

import type { DefinitionChoice } from "./definition/locate.ts";

export interface PlatformOptions extends DefinitionChoice {
  /** Names of environments; all when left out. */
  readonly env?: readonly string[];
}

export function addDefinitionOptions(command: Command): Command {
  return command
    .option("-f, --file <file>", "the definition (default: platform.ts or platform.yaml here)")
    .option("--blueprint <name>", "a blueprint that comes with keelson, instead of a file");
}

export function addEnvironmentOption(command: Command): Command {
  return command.option("--env <name...>", "only these environments (default: all)");
}

export function outputOption<const Format extends string>(formats: readonly Format[]): Option {
  return new Option("-o, --output <format>", "how to print").choices(formats).default(formats[0]);
}

/** A length of time in seconds, more than 0. */
export function secondsOption(flags: string, description: string, preset: number): Option {
  return new Option(flags, description).default(preset).argParser((text) => {
    const seconds = Number(text);
    if (Number.isFinite(seconds) && seconds > 0) return seconds;
    throw new InvalidArgumentError("expected seconds, more than 0");
  });
}

/** A TCP port of this machine; 0 asks the system for a free one. */
export function portOption(flags: string, description: string, preset: number): Option {
  return new Option(flags, description).default(preset).argParser((text) => {
    const port = Number(text);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
    throw new InvalidArgumentError("expected a port from 0 to 65535");
  });
}

/** A number of things, at least one. */
export function countOption(flags: string, description: string, preset: number): Option {
  return new Option(flags, description).default(preset).argParser((text) => {
    const count = Number(text);
    if (Number.isInteger(count) && count > 0) return count;
    throw new InvalidArgumentError("expected a whole number, more than 0");
  });
}
