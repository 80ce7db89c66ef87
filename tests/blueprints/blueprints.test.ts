// Every blueprint compiles and checks for all its environments, and holds what it held: files, kinds and how many of each.

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { count } from "../../src/core/index.ts";
import type { Compiled, CompiledTarget, PlannedExposure } from "../../src/model/index.ts";
import { unexpectedFindings } from "./findings.ts";
import { BLUEPRINTS, compileBlueprint } from "./shipped-blueprints.ts";

describe.each(BLUEPRINTS)("$name", (blueprint) => {
  it("compiles, and no check finds more than what is left to people", async () => {
    expect(await unexpectedFindings(compileBlueprint(blueprint))).toEqual([]);
  });

  it("sends no Application where its project does not reach", () => {
    expect(outOfBounds(compileBlueprint(blueprint))).toEqual([]);
  });

  it("holds what it held", async () => {
    const listing = listingOf(compileBlueprint(blueprint));
    await expect(listing).toMatchFileSnapshot(`golden/${blueprint.name}.txt`);
  });
});

/** Every Application whose project does not know where it comes from or where it goes. */
function outOfBounds(compiled: Compiled): readonly string[] {
  const projects = new Map(projectsOf(compiled));
  return [...compiled.tree].flatMap(([path, content]) => {
    if (!/\/applications\/[^/]+\.yaml$/.test(path)) return [];
    // An Application of our own.
    const { spec } = parse(content) as DeliveredApplication;
    const { project, destination, source, sources = source === undefined ? [] : [source] } = spec;
    const bounds = projects.get(project);
    const strange = sources
      .map(({ repoURL }) => repoURL)
      .filter((url) => bounds?.sources.includes(url) !== true);
    const isSent = bounds?.namespaces.includes(destination.namespace) === true;
    const all = [...strange, ...(isSent ? [] : [destination.namespace])];
    return (sources.length === 0 ? ["no source"] : all).map((what) => `${path}: ${what}`);
  });
}

interface Source {
  readonly repoURL: string;
}

interface DeliveredApplication {
  readonly spec: {
    readonly project: string;
    readonly source?: Source;
    readonly sources?: readonly Source[];
    readonly destination: { readonly namespace: string };
  };
}

interface Bounds {
  readonly sources: readonly string[];
  readonly namespaces: readonly string[];
}

function projectsOf({ targets }: Compiled): readonly (readonly [string, Bounds])[] {
  const objects = targets.flatMap((target) => target.objects.map(({ object }) => object));
  return objects.flatMap(({ kind, metadata, ...rest }) => {
    if (kind !== "AppProject") return [];
    // Valid by its published definition.
    const { destinations, sourceRepos } = rest["spec"] as {
      destinations: readonly { namespace: string }[];
      sourceRepos: readonly string[];
    };
    const namespaces = destinations.map(({ namespace }) => namespace);
    return [[metadata.name, { sources: sourceRepos, namespaces }] as const];
  });
}

/** Each target with its nodes and kinds, then every folder with its number of files. */
function listingOf({ platform, targets, tree }: Compiled): string {
  const folders = counted([...tree.keys()].map((path) => path.split("/").slice(0, -1).join("/")));
  const total = `${platform}: ${count(targets.length, "target")}, ${count(tree.size, "file")}`;
  return [total, ...targets.map(targetListing), `files\n${folders}`].join("\n\n").concat("\n");
}

function targetListing({ cluster, objects, charts }: CompiledTarget): string {
  const nodes = cluster.nodes.map(({ name, count: nodeCount }) => `${nodeCount} ${name}`);
  const head = `${cluster.target}: ${cluster.name} on ${cluster.substrate.kind}, ${nodes.join(" and ")}`;
  const systems = cluster.slots.map(({ slot, component }) => `${slot} ${component}`);
  const providers = cluster.providers.map(({ serves, component }) => `${serves} ${component}`);
  return [
    head,
    `  filled by ${[...systems, ...providers].join(", ")}`,
    `  open to the outside: ${cluster.exposures.map(entryOf).join(", ")}`,
    `  ${count(charts.length, "chart")}: ${charts.map(({ name }) => name).join(", ")}`,
    `  ${count(objects.length, "object")}`,
    counted(objects.map(({ object }) => object.kind)),
  ].join("\n");
}

const entryOf = ({ opens, ports, allowFrom }: PlannedExposure): string =>
  `${opens.kind === "service" ? `${opens.namespace}/${opens.name}` : opens.name} (${ports.join(", ")} from ${allowFrom.join(", ")})`;

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, number]) => `  ${String(number).padStart(4)} ${name}`).join("\n");
}
