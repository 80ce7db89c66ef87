// Sends a share of an app's traffic to its tried version: weights of an HTTPRoute's backends or of a VirtualService's
// destinations, or a second Ingress. Mirrors rollouts-plugin-trafficrouter-gatewayapi pkg/plugin/httproute.go v0.15.0 and
// rollout/trafficrouting/{istio,nginx} v1.9.1.

import { deepEqual } from "../../../../core/index.ts";
import { isNotFound } from "../../../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../../../kubernetes/index.ts";
import type { Rollout } from "./resources.ts";

const NGINX = "nginx.ingress.kubernetes.io";

interface Backend {
  readonly name: string;
  readonly weight?: number;
}

interface HttpRoute extends KubernetesObject {
  readonly spec: {
    readonly rules?: readonly (object & { readonly backendRefs?: readonly Backend[] })[];
  };
}

interface Ingress extends KubernetesObject {
  readonly spec: object & { readonly rules?: readonly unknown[] };
}

type Canary = NonNullable<Rollout["spec"]["strategy"]["canary"]>;

export async function setWeight(
  api: KubeApi,
  rollout: Rollout,
  canary: Canary,
  weight: number,
): Promise<void> {
  const { plugins = {}, nginx, istio } = canary.trafficRouting ?? {};
  const namespace = rollout.metadata.namespace ?? "";
  for (const { httpRoute, httpRoutes = [] } of Object.values(plugins)) {
    const names = [
      ...(httpRoute === undefined ? [] : [httpRoute]),
      ...httpRoutes.map(({ name }) => name),
    ];
    for (const name of names) await weighRoute(api, { namespace, name }, canary, weight);
  }
  if (istio !== undefined)
    await weighVirtualService(api, { namespace, ...istio.virtualService }, canary, weight);
  if (nginx !== undefined) await weighIngress(api, rollout, nginx.stableIngress, canary, weight);
}

async function weighRoute(
  api: KubeApi,
  at: { readonly namespace: string; readonly name: string },
  { stableService, canaryService }: Canary,
  weight: number,
): Promise<void> {
  const ref = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", ...at };
  const route = (await found(api.get(ref))) as HttpRoute | undefined;
  if (route === undefined) return;
  const weights = new Map([
    [stableService, 100 - weight],
    [canaryService, weight],
  ]);
  const rules = (route.spec.rules ?? []).map((rule) => ({
    ...rule,
    backendRefs: (rule.backendRefs ?? []).map((backend) => {
      const share = weights.get(backend.name);
      return share === undefined ? backend : { ...backend, weight: share };
    }),
  }));
  if (deepEqual(rules, route.spec.rules)) return;
  await api.update({ ...route, spec: { ...route.spec, rules } } as KubernetesObject);
}

interface VirtualService extends KubernetesObject {
  readonly spec: {
    readonly http?: readonly (object & {
      readonly name?: string;
      readonly route?: readonly Destination[];
    })[];
  };
}

interface Destination {
  readonly destination: { readonly host: string };
  readonly weight?: number;
}

/** A host is the Service's name, or that with its namespace behind it (istio.go getHttpRouteIndexesToPatch). */
async function weighVirtualService(
  api: KubeApi,
  {
    routes,
    ...at
  }: { readonly namespace: string; readonly name: string; readonly routes?: readonly string[] },
  { stableService, canaryService }: Canary,
  weight: number,
): Promise<void> {
  const ref = { apiVersion: "networking.istio.io/v1", kind: "VirtualService", ...at };
  const service = (await found(api.get(ref))) as VirtualService | undefined;
  if (service === undefined) return;
  const shares = new Map([
    [stableService, 100 - weight],
    [canaryService, weight],
  ]);
  const http = (service.spec.http ?? []).map((entry) => {
    if (routes !== undefined && !routes.includes(entry.name ?? "")) return entry;
    const hosts = (entry.route ?? []).map(
      ({ destination }) => destination.host.split(".")[0] ?? "",
    );
    return {
      ...entry,
      route: (entry.route ?? []).map((one, index) => {
        const share = shares.get(hosts[index] ?? "");
        return share === undefined ? one : { ...one, weight: share };
      }),
    };
  });
  if (deepEqual(http, service.spec.http)) return;
  await api.update({ ...service, spec: { ...service.spec, http } } as KubernetesObject);
}

async function weighIngress(
  api: KubeApi,
  { metadata }: Rollout,
  stableIngress: string,
  { stableService, canaryService }: Canary,
  weight: number,
): Promise<void> {
  const kind = { apiVersion: "networking.k8s.io/v1", kind: "Ingress" };
  const namespace = metadata.namespace ?? "";
  const name = `${metadata.name}-${stableIngress}-canary`;
  const stable = (await found(api.get({ ...kind, namespace, name: stableIngress }))) as
    | Ingress
    | undefined;
  if (stable === undefined) return;
  const annotations = { [`${NGINX}/canary`]: "true", [`${NGINX}/canary-weight`]: String(weight) };
  const current = await found(api.get({ ...kind, namespace, name }));
  if (current === undefined) {
    const renamed = (_: string, value: unknown): unknown =>
      value === stableService ? canaryService : value;
    const spec = JSON.parse(JSON.stringify(stable.spec, renamed)) as object;
    await api.create({ ...kind, metadata: { name, namespace, annotations }, spec });
  } else if (current.metadata.annotations?.[`${NGINX}/canary-weight`] !== String(weight)) {
    const body = { metadata: { annotations } };
    await api.patch({ ...kind, namespace, name }, { type: "merge", body });
  }
}

async function found(read: Promise<KubernetesObject>): Promise<KubernetesObject | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
