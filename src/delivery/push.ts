// Delivery without an engine: everything is applied in order under a manager and an inventory of its own, what left the set is
// pruned, and the health of what runs is followed. What is refused is tried again, because what it needs may still be starting.

import {
  applyObjects,
  configMapInventory,
  identityOf,
  watchRefs,
  type ApplyFailure,
  type RefWatch,
} from "../apply/index.ts";
import type { Clock, Timer } from "../core/index.ts";
import { displayRef, healthOf, refOf, worstHealth } from "../kubernetes/index.ts";
import type { Health, KubeApi, KubernetesObject } from "../kubernetes/index.ts";
import type { DeliveryState } from "../model/index.ts";
import type { DeliverySource } from "./follow.ts";

export const PUSH_MANAGER = "keelson";
const INVENTORY = { namespace: "kube-system", name: "platform" } as const;
const RETRY_MS = 5_000;

/** A folder or a chart. */
export interface PushedPart {
  readonly name: string;
  /** Lower ones are written first. */
  readonly wave: number;
  readonly objects: readonly KubernetesObject[];
}

export function pushSource(
  api: KubeApi,
  parts: readonly PushedPart[],
  { clock }: { readonly clock: Clock },
): DeliverySource {
  return {
    follow: (onStates) => {
      const push = createPush(api, parts, clock, onStates);
      void push.run();
      return { stop: () => push.stop() };
    },
  };
}

function createPush(
  api: KubeApi,
  parts: readonly PushedPart[],
  clock: Clock,
  onStates: (states: readonly DeliveryState[]) => void,
): { run(): Promise<void>; stop(): void } {
  const health = new Map<string, Health>();
  const objects = parts.flatMap((part) => part.objects);
  let applied = false;
  let problem = "";
  let stopped = false;
  let timer: Timer | undefined;
  let watch: RefWatch | undefined;
  const report = (): void => onStates(parts.map((part) => stateOf(part, applied, problem, health)));

  const attempt = async (): Promise<string> => {
    try {
      const { failures } = await write(api, parts, clock);
      return failures.map(describeFailure).join("; ");
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const run = async (): Promise<void> => {
    problem = await attempt();
    if (stopped) return;
    applied = problem === "";
    report();
    if (!applied) timer = clock.setTimer(RETRY_MS, () => void run());
    else watch = followHealth();
  };
  const followHealth = (): RefWatch => {
    const followed = watchRefs(api, objects.map(refOf), {
      clock,
      onChange: (ref, object) => {
        health.set(identityOf(ref), healthOf(object));
        report();
      },
    });
    // Ends when the API refuses for good; what was last seen stays on record.
    followed.done.catch((error: unknown) => {
      problem = String(error);
      applied = false;
      report();
    });
    return followed;
  };
  return {
    run,
    stop: () => {
      stopped = true;
      timer?.cancel();
      watch?.stop();
    },
  };
}

async function write(
  api: KubeApi,
  parts: readonly PushedPart[],
  clock: Clock,
): Promise<{ readonly failures: readonly ApplyFailure[] }> {
  const waves = new Map(
    parts.flatMap(({ objects, wave }) => objects.map((object) => [object, wave] as const)),
  );
  return applyObjects(api, [...waves.keys()], {
    fieldManager: PUSH_MANAGER,
    clock,
    inventory: configMapInventory(api, { ...INVENTORY, fieldManager: PUSH_MANAGER }),
    waveOf: (object) => waves.get(object) ?? 0,
  });
}

const describeFailure = ({ ref, error }: ApplyFailure): string =>
  `${displayRef(ref)}: ${error.message}`;

function stateOf(
  { name, objects }: PushedPart,
  applied: boolean,
  problem: string,
  health: ReadonlyMap<string, Health>,
): DeliveryState {
  if (!applied) return { name, sync: "OutOfSync", health: "Missing", message: problem };
  const seen = objects.map((object) => ({ object, health: health.get(identityOf(refOf(object))) }));
  const worst = worstHealth(seen.map(({ health: one }) => one?.status ?? "Unknown"));
  if (worst === "Healthy" || worst === "Suspended")
    return { name, sync: "Synced", health: "Healthy", message: "" };
  const unwell = seen.find(({ health: one }) => (one?.status ?? "Unknown") === worst);
  const message = unwell && `${displayRef(refOf(unwell.object))} ${unwell.health?.message ?? ""}`;
  return { name, sync: "Synced", health: worst, message: message?.trim() ?? "" };
}
