// The order in which a platform comes: derived from what needs what, never a circle, and the same for whoever delivers. Namespaces
// and rights, then charts and the definitions they bring, then what is of their kinds, then apps.

import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

import { compile } from "../../src/compiler/index.ts";
import { deliveredParts } from "../../src/compiler/stages/hand-over.ts";
import { registry } from "../../src/components/index.ts";
import { flux } from "../../src/index.ts";
import { isRecord } from "../../src/core/index.ts";
import type { Compiled, CompiledTarget } from "../../src/model/index.ts";
import { BLUEPRINTS, compileBlueprint } from "./shipped-blueprints.ts";

/** Name → names it waits for. */
type Needs = ReadonlyMap<string, readonly string[]>;

/** Rounds in which everything can come; throws where something waits for itself. */
function rounds(needs: Needs): string[][] {
  const done = new Set<string>();
  const order: string[][] = [];
  while (done.size < needs.size) {
    const next = [...needs]
      .filter(([name, wanted]) => !done.has(name) && wanted.every((one) => done.has(one)))
      .map(([name]) => name);
    if (next.length === 0) {
      const waiting = [...needs.keys()].filter((name) => !done.has(name));
      throw new Error(`waits for itself: ${waiting.join(", ")}`);
    }
    next.forEach((name) => done.add(name));
    order.push(next);
  }
  return order;
}

function needsOf(target: CompiledTarget, { packaging }: Compiled): Needs {
  const { folders, charts } = deliveredParts(target, { registry, packaging });
  const names = (needs: (typeof folders)[number]["needs"]): string[] => [
    ...needs.folders,
    ...needs.charts.map((name) => `chart ${name}`),
  ];
  return new Map([
    ...folders.map(({ name, needs }) => [name, names(needs)] as const),
    ...charts.map(({ chart, needs }) => [`chart ${chart.name}`, names(needs)] as const),
  ]);
}

describe.each(BLUEPRINTS)("$name", (blueprint) => {
  const compiled = compileBlueprint(blueprint);

  it("comes in an order without circles, apps last", () => {
    for (const target of compiled.targets) {
      const needs = needsOf(target, compiled);
      const order = rounds(needs);
      expect(order.length).toBeGreaterThan(1);
      expect(order[0]).toContain("security");
      const { folders } = deliveredParts(target, { registry, packaging: compiled.packaging });
      const apps = folders.filter(({ wave }) => wave === 2).map(({ name }) => name);
      expect(apps).toHaveLength(target.cluster.apps.length);
      // Nobody waits for an app, and everything an app is made of has its namespace and definitions before.
      for (const wanted of needs.values())
        expect(wanted.filter((name) => apps.includes(name))).toEqual([]);
      for (const { wave, needs: own } of folders)
        for (const name of own.folders)
          expect(folders.find((one) => one.name === name)?.wave).toBeLessThanOrEqual(wave);
    }
  });

  // What holds namespaces waits for nothing: it is tried again until the kinds of the rest of it have come.
  it("waits for the definition of every kind, or says that it comes later", () => {
    for (const target of compiled.targets) {
      const { folders } = deliveredParts(target, { registry, packaging: compiled.packaging });
      const needs = new Map(
        folders.map(({ name, needs: { charts, later = [] } }) => [name, [...charts, ...later]]),
      );
      for (const { object, area, origin } of target.objects) {
        const owner = target.charts.find(({ name }) =>
          bringsGroup(name, object.apiVersion, target),
        );
        const folder = area.slice(area.indexOf("/") + 1).replaceAll("/", "-");
        if (owner === undefined || !needs.has(folder)) continue;
        const what = `${object.kind} of ${origin.component}`;
        expect(needs.get(folder), what).toContain(owner.name);
      }
    }
  });

  it("is the same order in Flux's own words", () => {
    const definition = {
      ...blueprint.definition,
      delivery: flux({ repository: "https://example.com/platform" }),
    };
    const { value } = compile({ definition, registry, lock: blueprint.lock, sealed: {} });
    for (const { cluster } of value?.targets ?? []) {
      const own = [...(value?.tree ?? [])].filter(([path]) =>
        path.startsWith(`clusters/${cluster.target}/`),
      );
      const needs = new Map(own.flatMap(([, text]) => dependencies(text)));
      expect(needs.size).toBeGreaterThan(3);
      expect(rounds(needs).length).toBeGreaterThan(1);
    }
  });
});

/** The chart of the component whose API groups the object is of. */
function bringsGroup(chart: string, apiVersion: string, { charts }: CompiledTarget): boolean {
  const group = apiVersion.split("/")[0];
  const { component } = charts.find(({ name }) => name === chart)?.origin ?? {};
  const found = registry.components.find(({ name }) => name === component);
  const groups = found !== undefined && "apiGroups" in found ? (found.apiGroups ?? []) : [];
  const first = charts.find(({ origin }) => origin.component === component);
  return apiVersion.includes("/") && groups.includes(group ?? "") && first?.name === chart;
}

/** `kind/name` → what it depends on, of every object that says so. */
function dependencies(text: string): (readonly [string, string[]])[] {
  return parseAllDocuments(text).flatMap((document) => {
    const object: unknown = document.toJS();
    if (!isRecord(object) || !isRecord(object["metadata"]) || !isRecord(object["spec"])) return [];
    const kind = String(object["kind"]);
    if (kind !== "Kustomization" && kind !== "HelmRelease") return [];
    const { dependsOn } = object["spec"];
    const names = Array.isArray(dependsOn) ? dependsOn : [];
    return [
      [
        `${kind}/${String(object["metadata"]["name"])}`,
        names.flatMap((one: unknown) => (isRecord(one) ? [`${kind}/${String(one["name"])}`] : [])),
      ] as const,
    ];
  });
}
