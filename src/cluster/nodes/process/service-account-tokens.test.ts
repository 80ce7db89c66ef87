// Tokens of pods are the API's own, and are renewed after 80 % of their life.

import { expect, test } from "vitest";

import type { Pod } from "../../../kubernetes/index.ts";
import { POD } from "../../../kubernetes/index.ts";
import { startTestCluster } from "../../controllers/testing/test-cluster.ts";
import { createPodTokens } from "./service-account-tokens.ts";

const HOUR_MS = 3_600_000;

test("a token is asked for once, and again before it ends", async () => {
  const { api, clock, cluster, get } = await startTestCluster();
  const source = { path: "token", expirationSeconds: 3600 };
  await api.create({
    ...POD,
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default" },
    spec: {
      serviceAccountName: "default",
      containers: [{ name: "c", image: "i" }],
      volumes: [{ name: "t", projected: { sources: [{ serviceAccountToken: source }] } }],
    },
  });
  const pod: Pod = await get(POD, "p");
  const tokens = createPodTokens(api, clock);
  const begun = clock.now();
  expect(await tokens.refresh(pod)).toBe(begun + 0.8 * HOUR_MS);
  const first = tokens.get(source);
  const user = cluster.context.tokens.authenticate(first);
  expect(user?.name).toBe("system:serviceaccount:default:default");
  await clock.advanceBy(0.7 * HOUR_MS);
  await tokens.refresh(pod);
  expect(tokens.get(source)).toBe(first);
  await clock.advanceBy(0.1 * HOUR_MS);
  await tokens.refresh(pod);
  expect(tokens.get(source)).not.toBe(first);
});
