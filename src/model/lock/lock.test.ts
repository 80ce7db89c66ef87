// The lock: its text, what is wrong with one, and that nothing in it moves by itself.

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { formatPath, invariant, parseCidr, positionAt, rangesOverlap } from "../../core/index.ts";
import { homeLab } from "../../../tests/fixtures/shapes/home-lab.ts";
import { hybrid } from "../../../tests/fixtures/shapes/hybrid.ts";
import { testRegistry } from "../../../tests/fixtures/test-registry.ts";
import { merge } from "../merge.ts";
import { parseDefinition } from "../parse/parse-definition.ts";
import type { ParsedDefinition } from "../parse/parsed-definition.ts";
import type { Lock, VersionCatalogue } from "./lock.ts";
import { readLock } from "./read-lock.ts";
import { SHIPPED_CATALOGUE } from "./shipped-catalogue.ts";
import { updateLock, type UpdateRequest } from "./update-lock.ts";
import { writeLock } from "./write-lock.ts";

const CATALOGUE: VersionCatalogue = {
  date: "2026-11-20",
  charts: {
    "argo-cd": {
      repository: "https://charts.example.com",
      chart: "argo-cd",
      version: "10.1.1",
      appVersion: "v3.4.4",
    },
  },
  images: { postgres: { repository: "docker.io/library/postgres", tag: "18.6" } },
};

function parsed(raw: unknown): ParsedDefinition {
  const { value } = parseDefinition(raw, testRegistry);
  invariant(value, "the fixture is right");
  return value;
}

function updated(raw: unknown, previous?: Lock, request?: UpdateRequest, from = CATALOGUE) {
  const { value } = updateLock(parsed(raw), from, previous, request);
  invariant(value, "the update succeeds");
  return value;
}

describe("writeLock and readLock", () => {
  const { lock } = updated(hybrid);

  it("write a file a person can read", () => {
    expect(writeLock(lock)).toMatchInlineSnapshot(`
      "# Versions and address ranges that must not move by themselves.
      # Written by keelson update. Commit it; a change here is a change of the platform.
      version: 1
      catalogue: 2026-11-20

      charts:
        argo-cd:
          appVersion: v3.4.4
          chart: argo-cd
          repository: https://charts.example.com
          version: 10.1.1

      images:
        postgres: docker.io/library/postgres:18.6

      ranges:
        cloud:
          pods: 10.244.0.0/16
          services: 10.128.0.0/20
        local:
          pods: 10.42.0.0/16
          services: 10.43.0.0/16
        standby:
          pods: 10.129.0.0/16
          services: 10.128.16.0/20

      apps:
        mailer: 0.1.0
        storefront: 0.1.0
      "
    `);
  });

  it("are inverse to each other", () => {
    expect(readLock(writeLock(lock))).toEqual({ value: lock, diagnostics: [] });
    expect(readLock(JSON.stringify(lock))).toEqual({ value: lock, diagnostics: [] });
  });

  it("write the same bytes whatever the order of entries", () => {
    const turned = {
      ...lock,
      ranges: Object.fromEntries(Object.entries(lock.ranges).toReversed()),
    };
    expect(writeLock(turned)).toBe(writeLock(lock));
  });

  it("keep versions that look like numbers", () => {
    const odd = { ...lock, apps: { a: "1.10", b: "0x10", c: "null", d: "1e3" } };
    expect(readLock(writeLock(odd)).value?.apps).toEqual(odd.apps);
  });
});

describe("readLock", () => {
  it.each([
    ["no YAML", "version: [1", "lock/not-yaml ", 1],
    ["the same key twice", "version: 1\nversion: 1", "lock/not-yaml ", 2],
    ["aliases", "version: &a 1\ncatalogue: *a", "lock/not-yaml ", 2],
    ["nothing", "", "model/wrong-type ", 1],
    ["a list", "- 1", "model/wrong-type ", 1],
    ["another version", "version: 2\ncatalogue: 2026-11-20", "model/unknown-choice version", 1],
    ["no date", "version: 1", "model/missing-key catalogue", 1],
    [
      "a range that is none",
      "version: 1\ncatalogue: 2026-11-20\nranges:\n  a:\n    pods: 10.0.0.0\n    services: 10.1.0.0/16",
      "model/bad-format ranges.a.pods",
      5,
    ],
    [
      "a version written as a number",
      "version: 1\ncatalogue: 2026-11-20\napps:\n  shop: 1.10",
      "model/wrong-type apps.shop",
      4,
    ],
  ])("reports %s where it stands", (_name, text, finding, line) => {
    const { value, diagnostics } = readLock(text);
    const [found] = diagnostics;
    expect(value).toBeUndefined();
    expect(found && `${found.code} ${formatPath(found.path)}`).toBe(finding);
    expect(positionAt(text, found?.span?.start ?? 0).line).toBe(line);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => void readLock(text)),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => void readLock(JSON.stringify(value))),
    );
  });
});

describe("updateLock", () => {
  it("changes nothing the second time", () => {
    const { lock } = updated(hybrid);
    expect(updated(hybrid, lock)).toEqual({ lock, changes: [] });
  });

  it("pins exactly the catalogue, and nothing but what is needed to fetch it", () => {
    const { lock } = updated(hybrid, undefined, {}, SHIPPED_CATALOGUE);
    expect(Object.keys(lock.charts)).toEqual(Object.keys(SHIPPED_CATALOGUE.charts));
    expect(readLock(writeLock(lock))).toEqual({ value: lock, diagnostics: [] });
  });

  const newer: VersionCatalogue = {
    ...CATALOGUE,
    date: "2027-01-01",
    images: {
      ...CATALOGUE.images,
      postgres: { repository: "docker.io/library/postgres", tag: "18.7" },
      redis: { repository: "docker.io/library/redis", tag: "8.0" },
    },
  };

  it("keeps versions until they are asked to move, and adds what is new", () => {
    const { lock } = updated(hybrid);
    const second = updated(hybrid, lock, {}, newer);
    expect(second.lock.images["postgres"]).toBe("docker.io/library/postgres:18.6");
    expect(second.changes).toEqual([
      { section: "images", name: "redis", outcome: "added", after: "docker.io/library/redis:8.0" },
    ]);
    expect(updated(hybrid, lock, { move: ["postgres"] }, newer).changes).toContainEqual({
      section: "images",
      name: "postgres",
      outcome: "changed",
      before: "docker.io/library/postgres:18.6",
      after: "docker.io/library/postgres:18.7",
    });
    expect(updated(hybrid, lock, { move: "all" }, newer).lock.catalogue).toBe("2027-01-01");
  });

  it("drops what the catalogue no longer has", () => {
    const { lock } = updated(hybrid, undefined, {}, newer);
    const names = updated(hybrid, lock).changes.map(({ name, outcome }) => `${outcome} ${name}`);
    expect(names).toEqual(["removed redis"]);
  });

  it.each([
    ["a chart nobody knows", { move: ["argo-dc"] }, 'did you mean "argo-cd"?'],
    ["an app nobody knows", { apps: { mialer: "1" } }, 'did you mean "mailer"?'],
  ])("refuses to move %s", (_name, request, hint) => {
    expect(updateLock(parsed(hybrid), CATALOGUE, undefined, request)).toMatchObject({
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: "lock/unknown-entry", hint }),
      ]),
    });
  });

  it("starts apps without a version, says so, and moves them when asked", () => {
    const first = updateLock(parsed(hybrid), CATALOGUE, undefined);
    expect(first.value?.lock.apps).toEqual({ mailer: "0.1.0", storefront: "0.1.0" });
    expect(first.diagnostics.map(({ code, path }) => `${code} ${formatPath(path)}`)).toEqual([
      "lock/first-app-version apps.mailer.image",
      "lock/first-app-version apps.storefront.image",
    ]);
    const { lock } = updated(hybrid, first.value?.lock, { apps: { mailer: "1.2.3" } });
    expect(lock.apps).toEqual({ mailer: "1.2.3", storefront: "0.1.0" });
    expect(updated(homeLab).lock.apps).toEqual({});
  });
});

describe("allocations", () => {
  it("take a substrate's default where it is free, and another block where it is not", () => {
    const { ranges } = updated(hybrid).lock;
    expect(ranges["local"]).toEqual({ pods: "10.42.0.0/16", services: "10.43.0.0/16" });
    // 10.96.0.0/12, the default of Kubernetes and Talos, contains the VPC 10.100.0.0/16.
    expect(ranges["cloud"]?.services).not.toBe("10.96.0.0/12");
    expect(ranges["standby"]?.services).not.toBe("10.96.0.0/12");
    // Both substrates default to the same pods.
    expect(ranges["cloud"]?.pods).not.toBe(ranges["standby"]?.pods);
  });

  it("never move when something is added before them", () => {
    const { lock } = updated(hybrid);
    const more = merge(hybrid, {
      clusters: { another: { kind: "k3d", site: "laptop" } },
    });
    const { ranges } = updated(more, lock).lock;
    expect(ranges).toMatchObject(lock.ranges);
    expect(ranges["another"]).not.toEqual(lock.ranges["local"]);
  });

  it("follow what a cluster states, and forget what is no longer needed", () => {
    const range = "10.77.0.0/16";
    const stated = (pods: string | undefined, services: string | undefined) => ({
      ...testRegistry,
      components: testRegistry.components.map((component) =>
        component.family === "substrate" && component.name === "k3d"
          ? {
              ...component,
              network: () => ({
                nodeRange: "172.18.0.0/16",
                ...(pods === undefined ? {} : { podRange: pods }),
                ...(services === undefined ? {} : { serviceRange: services }),
              }),
            }
          : component,
      ),
    });
    const before = updated(hybrid).lock;
    const after = (pods?: string, services?: string) => {
      const { value } = parseDefinition(hybrid, stated(pods, services));
      invariant(value, "the fixture is right");
      return updateLock(value, CATALOGUE, before).value?.lock.ranges["local"];
    };
    expect(after()).toEqual(before.ranges["local"]);
    expect(after(range)).toEqual({ pods: range, services: before.ranges["local"]?.services });
    expect(after(range, "10.78.0.0/16")).toBeUndefined();
  });

  const octet = fc.integer({ min: 0, max: 255 });
  const network = fc
    .tuple(octet, fc.constantFrom(8, 12, 16, 20))
    .map(([second, prefix]) => blockOf(second, prefix));
  const kind = fc.constantFrom("k3d", "doks", "talos");
  const names = ["a", "b", "c", "d", "e"];

  it("never overlap a site or each other, whatever there is", () => {
    fc.assert(
      fc.property(
        fc.array(network, { minLength: 1, maxLength: 3 }),
        fc.array(kind, { minLength: 1, maxLength: 5 }),
        (networks, kinds) => {
          const raw = platformOf(networks, kinds);
          const { value } = updateLock(parsed(raw), CATALOGUE, undefined);
          if (value === undefined) return; // the pool can be full: a site may be all of 10.0.0.0/8
          const given = Object.values(value.lock.ranges).flatMap(({ pods, services }) => [
            pods,
            services,
          ]);
          const all = given.map((text) => parseCidr(text));
          const sites = networks.map((text) => parseCidr(text));
          for (const [index, range] of all.entries()) {
            for (const other of [...all.slice(index + 1), ...sites]) {
              if (range && other) expect(rangesOverlap(range, other)).toBe(false);
            }
          }
        },
      ),
    );
  });

  it("is a finding when nothing is left", () => {
    const { value, diagnostics } = updateLock(
      parsed(platformOf(["10.0.0.0/8"], ["talos"])),
      CATALOGUE,
      undefined,
    );
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: "lock/no-free-range", path: ["clusters", "a"] }]);
  });

  function blockOf(second: number, prefix: number): string {
    const size = 2 ** (16 - Math.min(prefix, 16));
    return prefix === 8 ? "10.0.0.0/8" : `10.${second - (second % size)}.0.0/${prefix}`;
  }

  function platformOf(networks: readonly string[], kinds: readonly string[]): unknown {
    const sites = networks.map((range, index) => [
      `s${index}`,
      { kind: "on-premise", network: range },
    ]);
    const options: Record<string, object> = {
      k3d: {},
      doks: { kubernetes: "1.35", nodes: { min: 1, max: 1, size: "s" } },
      talos: { kubernetes: "1.35", controlPlanes: 1, workers: 0 },
    };
    const clusters = kinds.map((name, index) => [
      names[index],
      { kind: name, site: `s${index % networks.length}`, ...options[name] },
    ]);
    return {
      name: "p",
      domain: "p.example.com",
      sites: Object.fromEntries(sites),
      clusters: Object.fromEntries(clusters),
      environments: { dev: { clusters: ["a"], scale: "single" } },
    };
  }
});
