// What may be asked for from outside a cluster: the one way in that routes share, and whatever is open beside it, each with its
// reason, who may use it, and what bounds the use.

import type { Path } from "../../core/index.ts";

export interface PlannedExposure {
  readonly name: string;
  readonly opens: ExposedThing;
  readonly ports: readonly number[];
  /** The way in of routes; there is one. */
  readonly entry?: boolean;
  readonly reason: string;
  /** Ranges; `0.0.0.0/0` is everybody. */
  readonly allowFrom: readonly string[];
  /** In words. */
  readonly limit: string;
  readonly origin: Path;
}

export type ExposedThing =
  | { readonly kind: "service"; readonly namespace: string; readonly name: string }
  /** Of the machine a cluster runs on, by its use there: `api`. */
  | { readonly kind: "machine-port"; readonly name: string };

/** A port of an app that gets a load balancer's address of its own. */
export interface AppExposure {
  readonly name: string;
  /** On the pod. */
  readonly port: number;
  /** On the load balancer. */
  readonly listen: number;
  readonly reason: string;
  readonly allowFrom: readonly string[];
  readonly connections: number;
  /** The app itself speaks TLS there. */
  readonly tls: boolean;
  readonly origin: Path;
}
