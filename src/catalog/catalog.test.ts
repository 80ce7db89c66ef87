import { describe, expect, it } from "vitest";

import { parseCidr } from "../core/index.ts";
import {
  CATALOGUE_DATE,
  CHARTS,
  IMAGES,
  KUBERNETES_MINORS,
  SUBSTRATES,
  type CatalogueEntry,
} from "./index.ts";

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const entries: [string, CatalogueEntry][] = [
  ...Object.entries(CHARTS),
  ...Object.entries(IMAGES),
  ...Object.entries(SUBSTRATES),
  ...KUBERNETES_MINORS.map((minor): [string, CatalogueEntry] => [minor.minor, minor]),
];

describe("the catalogue", () => {
  it.each(entries)(
    "says where %s was read and when, no later than the catalogue itself",
    (_name, entry) => {
      expect(entry.source.length).toBeGreaterThan(10);
      expect(entry.date).toMatch(ISO_DATE);
      expect(entry.date <= CATALOGUE_DATE).toBe(true);
      expect(entry.endOfLife ?? "2026-01-01").toMatch(ISO_DATE);
    },
  );

  it.each(Object.entries(CHARTS))(
    "pins chart %s by its own name to a whole version",
    (_name, chart) => {
      expect(chart.version).toMatch(/^v?\d+\.\d+\.\d+$/);
      expect(chart.repository).toMatch(/^(https|oci):\/\//);
      // Clients add the chart's name to an OCI registry themselves; the first folder may be a project of that name.
      expect(/^oci:\/\/[^/]+\/.*\/([^/]+)$/.exec(chart.repository)?.[1]).not.toBe(chart.chart);
    },
  );

  it.each(Object.entries(IMAGES))("never floats image %s", (_name, { repository, tag }) => {
    expect(tag).toMatch(/\d/);
    expect(repository).toMatch(/^[a-z0-9.-]+\.[a-z]+\/[a-z0-9/_-]+$/);
  });

  it.each(Object.entries(SUBSTRATES))("gives %s ranges that are blocks", (name, substrate) => {
    expect(substrate.kind).toBe(name);
    expect(parseCidr(substrate.defaultPodRange)).toBeDefined();
    expect(parseCidr(substrate.defaultServiceRange)).toBeDefined();
  });

  it("lists Kubernetes minors newest first", () => {
    const minors = KUBERNETES_MINORS.map(({ minor }) => minor);
    expect(minors).toEqual(minors.toSorted().toReversed());
  });
});
