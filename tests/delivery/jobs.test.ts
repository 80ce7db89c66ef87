// A Job's template cannot change, so another one is another Job: after an upgrade the new one runs to its end and the old one is
// gone, under either engine.

import { describe, expect, it } from "vitest";

import { argocd, existing, flux, seaweedfs } from "../../src/components/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { workloadName } from "../../src/model/index.ts";
import { isDelivered } from "../../src/delivery/index.ts";
import { deliverAll } from "../platform/virtual-platform.ts";
import { until } from "./engines.ts";
import { lockOf, REPOSITORY, runSmall, small } from "./small-platform.ts";

const ENGINES = [
  { name: "Argo CD", delivery: argocd({ repository: REPOSITORY }) },
  { name: "Flux", delivery: flux({ repository: REPOSITORY }) },
];

const JOB = { apiVersion: "batch/v1", kind: "Job" };
const NEXT = "docker.io/chrislusf/seaweedfs:99.0";

interface Condition {
  readonly type: string;
  readonly status: string;
}

const isComplete = ({ status }: KubernetesObject): boolean =>
  ((status as { conditions?: readonly Condition[] } | undefined)?.conditions ?? []).some(
    (one) => one.type === "Complete" && one.status === "True",
  );

describe.each(ENGINES)("under $name", ({ name, delivery }) => {
  it("an upgrade of what a Job runs is another Job", async () => {
    const definition = small({
      delivery,
      clusters: { home: existing({ site: "shore", zones: 1, storageClass: "standard" }) },
      buckets: { uploads: {} },
      providers: { bucket: seaweedfs({ storage: "5Gi" }) },
    });
    const world = await runSmall(definition, `jobs ${name}`);
    try {
      const jobs = async (): Promise<readonly KubernetesObject[]> =>
        (await world.api.list(JOB, { namespace: "storage" })).items;
      const [first, ...others] = await jobs();
      expect(others).toEqual([]);
      expect(first && workloadName(first)).toBe("seaweedfs-buckets");
      const lock = lockOf(definition);
      const upgraded = { ...lock, images: { ...lock.images, seaweedfs: NEXT } };
      world.git.push(REPOSITORY, world.compiled.recompile((same) => same, upgraded).tree);
      await until(
        world,
        async () => {
          const [only, ...more] = await jobs();
          const isOther = only !== undefined && only.metadata.name !== first?.metadata.name;
          return more.length === 0 && isOther && isComplete(only);
        },
        900_000,
      );
      expect(JSON.stringify(await jobs())).toContain(NEXT);
      const { applications } = await deliverAll(world, world.platform.expected);
      expect(applications.filter((one) => !isDelivered(one))).toEqual([]);
      // A quota counts the pod that goes until it is gone; its controller tries again.
      expect(world.errors().filter((error) => !error.includes("exceeded quota"))).toEqual([]);
    } finally {
      world.stop();
    }
  });
});
