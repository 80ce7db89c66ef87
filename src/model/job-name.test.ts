import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../kubernetes/index.ts";
import { namedByTemplate, workloadName } from "./job-name.ts";

const job = (name: string, image: string, annotations?: Record<string, string>) =>
  ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "storage", ...(annotations === undefined ? {} : { annotations }) },
    spec: { template: { spec: { containers: [{ name: "c", image }] } } },
  }) satisfies KubernetesObject;

const nameOf = (object: KubernetesObject): string => namedByTemplate(object).metadata.name;

describe("a Job", () => {
  const first = nameOf(job("buckets", "i:1"));

  it("is called after what it runs", () => {
    expect(first).toMatch(/^buckets-[a-z0-9]+$/);
    expect(nameOf(job("buckets", "i:1"))).toBe(first);
    expect(nameOf(job("buckets", "i:2"))).not.toBe(first);
  });

  it("is the same Job when its metadata alone changes", () => {
    expect(nameOf(job("buckets", "i:1", { note: "x" }))).toBe(first);
  });

  it("keeps what it is known by, beside its other annotations", () => {
    const named = namedByTemplate(job("buckets", "i:1", { note: "x" }));
    expect(workloadName(named)).toBe("buckets");
    expect(named.metadata.annotations).toMatchObject({ note: "x" });
    expect(named.metadata.namespace).toBe("storage");
  });

  it("has a name that fits into a label, and another for another workload", () => {
    const long = "b".repeat(63);
    expect(nameOf(job(long, "i:1")).length).toBeLessThanOrEqual(63);
    expect(nameOf(job(long, "i:1"))).not.toBe(nameOf(job(`${long}c`, "i:1")));
    expect(workloadName(namedByTemplate(job(long, "i:1")))).toBe(long);
  });
});

it("whatever else is named as it was", () => {
  const object = { ...job("buckets", "i:1"), kind: "Deployment" };
  expect(namedByTemplate(object)).toBe(object);
  expect(workloadName(object)).toBe("buckets");
});
