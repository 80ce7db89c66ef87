// What a user installs: permissive licences, no install scripts, nothing built natively, nothing from outside the registry.

import type { Violation } from "./violation.ts";

/** The parts of an entry of package-lock.json (version 3) that the rule reads. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  /** Comes inside another package's archive, whose hash covers it. */
  readonly inBundle?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

const LICENCES = new Set(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0"]);

/** `text` is the lockfile itself, for line numbers; `packages` its `packages` record. */
export function checkLockfile(
  text: string,
  packages: Readonly<Record<string, LockedPackage>>,
): readonly Violation[] {
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .flatMap(([path, locked]) => {
      const problems = [
        ...checkSource(locked),
        ...(isProduction(locked) ? checkShipped(locked) : []),
      ];
      const name = path.replace(/^.*node_modules\//, "");
      const place = { file: "package-lock.json", line: lineOf(text, path) };
      return problems.map(({ what, instead }) => ({ ...place, what: `${name} ${what}`, instead }));
    });
}

type Problem = Pick<Violation, "what" | "instead">;

function checkSource({ resolved, integrity, inBundle }: LockedPackage): readonly Problem[] {
  const problems: Problem[] = [];
  if (resolved !== undefined) {
    const instead =
      "remove the line; .npmrc keeps npm from writing it, so that any registry serves";
    problems.push({ what: `is resolved to ${resolved}`, instead });
  }
  if (integrity === undefined && inBundle !== true) {
    problems.push({ what: "has no integrity hash", instead: "install it from the registry" });
  }
  return problems;
}

function checkShipped(locked: LockedPackage): readonly Problem[] {
  const problems: Problem[] = [];
  if (!isPermissive(locked.license ?? "none")) {
    const instead = "find another package, or write it; MIT, ISC, BSD and Apache-2.0 only";
    problems.push({ what: `has the licence ${locked.license ?? "none"}`, instead });
  }
  if (locked.hasInstallScript === true) {
    problems.push({ what: "runs an install script", instead: "find a package that does not" });
  }
  if (locked.os !== undefined || locked.cpu !== undefined) {
    problems.push({ what: "is a native binary", instead: "find one in plain JavaScript" });
  }
  return problems;
}

/** `(MIT OR GPL-2.0)` lets the user choose; `AND` does not. */
function isPermissive(licence: string): boolean {
  const all = licence.replaceAll(/[()]/g, "").split(" AND ");
  return all.every((part) => part.split(" OR ").some((name) => LICENCES.has(name.trim())));
}

function isProduction({ dev, devOptional }: LockedPackage): boolean {
  return dev !== true && devOptional !== true;
}

function lineOf(text: string, path: string): number {
  const offset = text.indexOf(`"${path}": {`);
  return offset < 0 ? 1 : text.slice(0, offset).split("\n").length;
}
