// What pods of one template share: a status that is stored as the node wrote it, and its parts from pod to pod. A status that the
// API had to put in shape would be another object, and every pod of a big cluster would be looked at twice.

import { describe, expect, it } from "vitest";
import type { Pod, PodStatus } from "../../kubernetes/index.ts";
import { apiFixture, NAMESPACE, pod } from "../api/testing/api-fixture.ts";
import { acceptedStatus, readyStatus, runningStatus } from "./pod-status.ts";

const place = { hostIP: "192.168.0.2", podIP: "10.42.0.7", crashes: 0 };
const STEPS: Readonly<Record<string, (pod: Pod, now: number) => PodStatus>> = {
  accepted: (one, now) => acceptedStatus(one, { ...place, now }),
  running: (one, now) => runningStatus(one, { ...place, now }),
  ready: (one, now) => readyStatus(one, { ...place, now }),
};

async function livesOf(names: readonly string[]): Promise<readonly (readonly PodStatus[])[]> {
  const { api, clock } = apiFixture();
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  const template = await api.create(pod("template"));
  const lives: PodStatus[][] = [];
  for (const name of names) {
    const own = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: NAMESPACE } };
    let current = (await api.create({ ...own, spec: template["spec"] })) as Pod;
    const stored: PodStatus[] = [];
    for (const step of Object.values(STEPS)) {
      const status = step(current, clock.now());
      current = (await api.update({ ...current, status }, { subresource: "status" })) as Pod;
      expect(current.status).toBe(status);
      stored.push(current.status ?? {});
    }
    lives.push(stored);
  }
  return lives;
}

describe("the statuses of pods of one template", () => {
  it("are stored as the very objects the node wrote, and share conditions and containers", async () => {
    const [first = [], second = []] = await livesOf(["one", "two"]);
    expect(first).toHaveLength(3);
    first.forEach((status, index) => {
      expect(second[index]?.conditions).toBe(status.conditions);
      expect(second[index]?.containerStatuses).toBe(status.containerStatuses);
    });
    expect(first[2]).toMatchObject({
      phase: "Running",
      podIP: "10.42.0.7",
      containerStatuses: [{ name: "c", ready: true, started: true, restartCount: 0 }],
    });
  });
});
