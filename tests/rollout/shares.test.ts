// One canary on every router a definition can choose: what each of them is given by the compiler, stepped through by the Rollout,
// and measured by where requests arrive. In virtual time; `release.test.ts` does the same to real processes behind one router.
// One platform for each form of a split; every router there is with
//
//   KEELSON_EVERY_ROUTER=1 npx vitest run tests/rollout/shares.test.ts

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  argoRollouts,
  certManager,
  envoyGateway,
  ingressNginx,
  istio,
  istioGateway,
  linkerd,
  nginxGatewayFabric,
} from "../../src/components/index.ts";
import type { Platform } from "../../src/components/testing/definitions.ts";
import { canary } from "../../src/model/index.ts";
import { runSmall, small, WEB, type SmallPlatform } from "../delivery/small-platform.ts";
import { shareOf, type Way } from "./share-of.ts";

const STEPS = [5, 25, 50, 100];
const PAUSE_MS = 20_000;

const INGRESS: Way = { app: "web", through: "the ingress" };
const ISTIO: Way = { app: "inner", through: "networking.istio.io/v1 VirtualService" };
const LINKERD: Way = { app: "inner", through: "gateway.networking.k8s.io/v1 HTTPRoute" };

interface Routed {
  readonly name: string;
  readonly over: Partial<Platform>;
  /** Apps that come in by a route are split there, all others by the proxies of their callers. */
  readonly ways: readonly Way[];
}

const PLATFORMS: readonly Routed[] = [
  {
    name: "Istio's gateway and its proxies",
    over: { ingress: istioGateway(), mesh: istio() },
    ways: [INGRESS, ISTIO],
  },
  { name: "ingress-nginx", over: { ingress: ingressNginx() }, ways: [INGRESS] },
];
/** They split by HTTPRoutes, as Istio's gateway does. */
const MORE: readonly Routed[] = [
  {
    name: "NGINX Gateway Fabric and Linkerd",
    over: { ingress: nginxGatewayFabric(), mesh: linkerd(), certificates: certManager() },
    ways: [INGRESS, LINKERD],
  },
  { name: "Envoy Gateway", over: { ingress: envoyGateway() }, ways: [INGRESS] },
];
const isEvery = process.env["KEELSON_EVERY_ROUTER"] === "1";

const refOf = (app: string) => ({ name: app, namespace: app });
const ROLLOUT = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" };
const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment" };

describe.each([...PLATFORMS, ...(isEvery ? MORE : [])])(
  "a canary behind $name",
  ({ name, over, ways }) => {
    let world: SmallPlatform;
    beforeAll(async () => {
      const release = canary(STEPS, { pause: `${PAUSE_MS / 1000}s` });
      const { image, route } = WEB;
      const apps = {
        web: { image, route, release },
        ...(over.mesh === undefined ? {} : { inner: { image, port: 8080, release } }),
      };
      world = await runSmall(small({ rollouts: argoRollouts(), apps, ...over }), name);
    }, 60_000);
    afterAll(() => world.stop());

    async function update(image: string): Promise<void> {
      for (const { app } of ways) {
        const spec = { template: { spec: { containers: [{ name: app, image }] } } };
        const ref = { ...DEPLOYMENT, ...refOf(app) };
        await world.api.patch(ref, { type: "strategic", body: { spec } });
      }
    }

    async function shares(image: string): Promise<number[]> {
      const found: number[] = [];
      for (const way of ways) found.push(await shareOf(image, world, way));
      return found;
    }
    const each = (share: number): number[] => ways.map(() => share);
    const phases = (): Promise<unknown[]> =>
      Promise.all(
        ways.map(async ({ app }) => {
          const { status } = await world.api.get({ ...ROLLOUT, ...refOf(app) });
          return (status as { readonly phase?: string }).phase;
        }),
      );

    it(`takes ${STEPS.join(", ")} percent of the requests, in this order`, async () => {
      const next = "ghcr.io/example/web:1.0.1";
      await update(next);
      for (const step of STEPS) {
        await world.clock.advanceBy(PAUSE_MS / 2);
        expect(await shares(next)).toEqual(each(step));
        await world.clock.advanceBy(PAUSE_MS / 2 + 2_000);
      }
      expect(await phases()).toEqual(ways.map(() => "Healthy"));
    });

    it("gives all of them back when it is aborted at 25 percent", async () => {
      const bad = "ghcr.io/example/web:1.0.2";
      await update(bad);
      await world.clock.advanceBy(PAUSE_MS + 8_000);
      expect(await shares(bad)).toEqual(each(25));
      for (const { app } of ways) {
        const body = { status: { abort: true } };
        const ref = { ...ROLLOUT, ...refOf(app) };
        await world.api.patch(ref, { type: "merge", body }, { subresource: "status" });
      }
      await world.clock.advanceBy(1_000);
      expect(await shares(bad)).toEqual(each(0));
      expect(await phases()).toEqual(ways.map(() => "Degraded"));
    });
  },
);
