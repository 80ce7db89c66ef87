// The slots a blueprint may have filled by another system, one at a time.

import {
  argocd,
  envoyGateway,
  flux,
  istio,
  istioGateway,
  linkerd,
  nginxGatewayFabric,
  type Platform,
} from "../../src/index.ts";
import type { Blueprint } from "./shipped-blueprints.ts";

export interface Swap {
  readonly name: string;
  readonly to: Readonly<Record<string, unknown>>;
  /** What routes ask for and the system does not do: TLS to the apps is the mesh's own, and it limits nothing. */
  readonly routesLose?: readonly ("upstream" | "rateLimit")[];
}

/** A way in that is no member of the mesh speaks to the apps in plain text, so whoever asks for none of it asks no more. */
const PLAIN = { tls: undefined };

/** Only a mesh of Istio has Istio's gateway, so the two come and go together. */
export const SWAPS: readonly Swap[] = [
  { name: "mesh none", to: { mesh: undefined, ingress: nginxGatewayFabric(), ...PLAIN } },
  { name: "mesh istio", to: { mesh: istio() } },
  {
    name: "mesh linkerd",
    to: { mesh: linkerd({ trustAnchor: "PEM" }), ingress: nginxGatewayFabric(), ...PLAIN },
  },
  { name: "ingress envoy-gateway", to: { ingress: envoyGateway(), ...PLAIN } },
  { name: "ingress nginx-gateway-fabric", to: { ingress: nginxGatewayFabric(), ...PLAIN } },
  {
    name: "ingress istio-gateway",
    to: { mesh: istio(), ingress: istioGateway() },
    routesLose: ["upstream", "rateLimit"],
  },
  { name: "packaging kustomize", to: { packaging: "kustomize" } },
  { name: "packaging helm", to: { packaging: "helm" } },
  { name: "packaging plain", to: { packaging: "plain" } },
  { name: "delivery none", to: { delivery: undefined } },
  {
    name: "delivery flux",
    to: { delivery: flux({ repository: "https://example.com/platform" }) },
  },
  {
    name: "delivery monitor",
    to: { delivery: argocd({ repository: "https://example.com/platform", role: "monitor" }) },
  },
];

export function swapped(blueprint: Blueprint, { to, routesLose = [] }: Swap): Blueprint {
  const { apps: own } = blueprint.definition;
  // Tags are written by Flux alone, into Kustomize alone.
  const writesTags = !("packaging" in to || "delivery" in to);
  const apps = own === undefined ? {} : { apps: losing(routesLose, writesTags, own) };
  const definition = Object.fromEntries(
    Object.entries({ ...blueprint.definition, ...to, ...apps }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  // The definition with other fillers of the same slots.
  return { ...blueprint, definition: definition as unknown as Blueprint["definition"] };
}

function losing(
  keys: readonly string[],
  writesTags: boolean,
  apps: NonNullable<Platform["apps"]>,
): Platform["apps"] {
  return Object.fromEntries(
    Object.entries(apps).map(([name, { updates, ...rest }]) => {
      const app = updates === undefined || !writesTags ? rest : { ...rest, updates };
      if (app.route === undefined) return [name, app];
      const kept = Object.entries(app.route).filter(([key]) => !keys.includes(key));
      // A route without what is optional.
      return [name, { ...app, route: Object.fromEntries(kept) as unknown as typeof app.route }];
    }),
  );
}
