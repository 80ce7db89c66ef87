import { describe, expect, it } from "vitest";

import { createVirtualClock } from "../../../../core/index.ts";
import type { Application, ApplicationStatus } from "./resources.ts";
import { decide, type EndedSync } from "./sync-policy.ts";

const AT = Date.UTC(2026, 0, 1);
const automated = { prune: true, selfHeal: true };
const status = (sync: "Synced" | "OutOfSync"): ApplicationStatus => ({
  sync: { status: sync },
  health: { status: "Healthy" },
});

function application(spec: Partial<Application["spec"]>, operation?: unknown): Application {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "shop" },
    spec: { project: "default", destination: {}, ...spec },
    ...(operation === undefined ? {} : { operation }),
  };
}

const ended = (overrides: Partial<EndedSync>): EndedSync => ({
  revisionKey: "r1",
  succeeded: true,
  at: AT,
  retryCount: 0,
  ...overrides,
});
const retry = { limit: 2, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } };

const cases = [
  {
    name: "is synced already",
    policy: { automated },
    sync: "Synced",
    last: undefined,
    afterMs: 0,
    expected: { kind: "wait" },
  },
  {
    name: "has a new revision",
    policy: { automated },
    sync: "OutOfSync",
    last: ended({ revisionKey: "r0" }),
    afterMs: 0,
    expected: { kind: "sync" },
  },
  {
    name: "is manual",
    policy: {},
    sync: "OutOfSync",
    last: undefined,
    afterMs: 0,
    expected: { kind: "wait" },
  },
  {
    name: "is switched off",
    policy: { automated: { enabled: false } },
    sync: "OutOfSync",
    last: undefined,
    afterMs: 0,
    expected: { kind: "wait" },
  },
  {
    name: "drifts at once after a sync",
    policy: { automated },
    sync: "OutOfSync",
    last: ended({}),
    afterMs: 1000,
    expected: { kind: "wait", afterMs: 4000 },
  },
  {
    name: "drifts later",
    policy: { automated },
    sync: "OutOfSync",
    last: ended({}),
    afterMs: 5000,
    expected: { kind: "sync" },
  },
  {
    name: "drifts without self-heal",
    policy: { automated: { prune: true } },
    sync: "OutOfSync",
    last: ended({}),
    afterMs: 9000,
    expected: { kind: "wait" },
  },
  {
    name: "failed without a retry policy",
    policy: { automated },
    sync: "OutOfSync",
    last: ended({ succeeded: false }),
    afterMs: 9000,
    expected: { kind: "wait" },
  },
  {
    name: "failed once, too early",
    policy: { automated, retry },
    sync: "OutOfSync",
    last: ended({ succeeded: false }),
    afterMs: 4000,
    expected: { kind: "wait", afterMs: 1000 },
  },
  {
    name: "failed twice: the delay doubles",
    policy: { automated, retry },
    sync: "OutOfSync",
    last: ended({ succeeded: false, retryCount: 1 }),
    afterMs: 5000,
    expected: { kind: "wait", afterMs: 5000 },
  },
  {
    name: "failed too often",
    policy: { automated, retry },
    sync: "OutOfSync",
    last: ended({ succeeded: false, retryCount: 2 }),
    afterMs: 900_000,
    expected: { kind: "wait" },
  },
] as const;

describe("whether to sync", () => {
  it.each(cases)(
    "when the application $name",
    async ({ policy, sync, last, afterMs, expected }) => {
      const clock = createVirtualClock(AT + afterMs);
      expect(
        decide(application({ syncPolicy: policy }), status(sync), "r1", last, clock),
      ).toMatchObject(expected);
    },
  );

  it("counts attempts at one revision", () => {
    const clock = createVirtualClock(AT + 5000);
    const decision = decide(
      application({ syncPolicy: { automated, retry } }),
      status("OutOfSync"),
      "r1",
      ended({ succeeded: false }),
      clock,
    );
    expect(decision).toMatchObject({
      kind: "sync",
      operation: { retryCount: 1, automated: true, prune: true },
    });
  });

  it("obeys a person's request under a manual policy", () => {
    const clock = createVirtualClock(AT);
    const decision = decide(
      application({}, { sync: { prune: true } }),
      status("Synced"),
      "r1",
      undefined,
      clock,
    );
    expect(decision).toMatchObject({
      kind: "sync",
      manual: true,
      operation: { automated: false, prune: true },
    });
  });
});
