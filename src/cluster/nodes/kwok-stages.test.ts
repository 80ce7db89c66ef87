// KWOK's published stages (kustomize/stage/pod/general) as an oracle: what they make of a pod at a point of its life, and
// what ours make of it. Compared is what both speak of: phase, container states and conditions. The texts of conditions
// are the kubelet's here, and KWOK has no startTime before its pods are ready.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { describe, expect, test } from "vitest";
import { printSkip } from "../../../tests/skip.ts";
import type { ContainerStatus, Pod, PodStatus } from "../../kubernetes/index.ts";
import { stageOf } from "./pod-stages.ts";
import type { StageName } from "./pod-stages.ts";
import { simulationOf } from "./simulation-annotations.ts";

const FOLDER = join(
  process.env["KEELSON_TEST_DATA"] ?? "../shared/data",
  "kubernetes/kwok-stages/pod/general/testdata",
);
const isThere = existsSync(FOLDER);
if (!isThere) printSkip("KWOK's stages", "no published test data (KEELSON_TEST_DATA)");

const PLACE = { now: 0, hostIP: "10.0.0.1", podIP: "10.0.0.2", crashes: 0 };

function read(name: string): readonly unknown[] {
  return parseAllDocuments(readFileSync(join(FOLDER, name), "utf8")).map((document): unknown =>
    document.toJS(),
  );
}

interface KwokOutput {
  readonly stages: readonly {
    readonly next: readonly {
      readonly kind: string;
      readonly data?: { readonly status?: PodStatus };
    }[];
  }[];
}

function state({ state: of = {} }: ContainerStatus): string {
  // After its init containers a pod still reads PodInitializing in a kubelet, and ContainerCreating in KWOK.
  if (of.waiting !== undefined) return "waiting";
  return of.running === undefined ? "terminated" : "running";
}

/** Of conditions only those KWOK speaks of. */
function shape(status: PodStatus | undefined, kwok: PodStatus): object {
  const conditions = (kwok.conditions ?? []).map(({ type }) => type);
  return {
    phase: kwok.phase === undefined ? undefined : status?.phase,
    containers: kwok.containerStatuses && status?.containerStatuses?.map(state),
    init: kwok.initContainerStatuses && status?.initContainerStatuses?.map(state),
    conditions: (status?.conditions ?? [])
      .filter(({ type }) => conditions.includes(type))
      .map(({ type, status: is }) => `${type}=${is}`)
      .toSorted(),
  };
}

describe.skipIf(!isThere)("KWOK's stages and ours", () => {
  // KWOK's pod-ready covers two of ours: the containers run, then they are ready.
  test.each<{ name: string; ours: readonly StageName[] }>([
    { name: "pod-create", ours: ["accept"] },
    { name: "pod-create-with-init", ours: ["accept"] },
    { name: "pod-init-container-running", ours: ["start-init"] },
    { name: "pod-init-container-completed", ours: ["initialize"] },
    { name: "pod-ready", ours: ["start", "become-ready"] },
    { name: "pod-complete", ours: ["finish"] },
  ])("$name", ({ name, ours }) => {
    const [given] = read(`${name}.input.yaml`) as readonly Pod[];
    const [output] = read(`${name}.output.yaml`) as readonly KwokOutput[];
    const kwok = output?.stages[0]?.next.find(({ kind }) => kind === "patch")?.data?.status ?? {};
    let pod = withStart(given as Pod, ours[0] === "accept");
    for (const expected of ours) {
      const stage = stageOf(pod);
      expect(stage?.name).toBe(expected);
      const effect = stage?.next(pod, PLACE, simulationOf(pod));
      if (effect?.outcome === "status") pod = { ...pod, status: effect.status };
    }
    expect(shape(pod.status, kwok)).toEqual(shape(kwok, kwok));
  });

  test("pod-delete", () => {
    const [given] = read("pod-delete.input.yaml") as readonly Pod[];
    expect(stageOf(given as Pod)?.name).toBe("terminate");
  });
});

/** A pod KWOK has taken over, with the start time it writes later and the restart policy that every Job's pod has. */
function withStart(pod: Pod, isNew: boolean): Pod {
  if (isNew) return pod;
  const spec = { restartPolicy: "Never" as const, ...pod.spec };
  return { ...pod, spec, status: { startTime: "2006-01-02T15:04:05Z", ...pod.status } };
}
