// Options of a k3d cluster.

import { integer, object, optional, port, string, type Tagged } from "../../../model/index.ts";

export interface K3dInput {
  /** Control plane nodes; they run workloads too. Default 1. */
  servers?: number;
  /** Worker nodes. Default 2. */
  agents?: number;
  /** Docker network of the nodes. Default 172.18.0.0/16. */
  subnet?: string;
  /** k3s image, e.g. `rancher/k3s:v1.35.2-k3s1`. Default: the one k3d ships with. */
  image?: string;
  /** Ports of the machine. Defaults: http 8080, https 8443, api 6443, registry 5000. */
  ports?: K3dPorts;
}

export interface K3dPorts {
  http?: number;
  https?: number;
  api?: number;
  registry?: number;
}

export interface K3dOptions {
  readonly servers: number;
  readonly agents: number;
  readonly subnet: string;
  readonly image?: string;
  readonly ports: Readonly<Required<K3dPorts>>;
}

export const k3dSchema = object<K3dInput, K3dOptions>({
  servers: optional(integer({ min: 1, max: 9 }), 1),
  agents: optional(integer({ min: 0, max: 50 }), 2),
  subnet: optional(string("cidr"), "172.18.0.0/16"),
  image: optional(string("imageRef")),
  ports: optional(
    object<K3dPorts, Required<K3dPorts>>({
      http: optional(port(), 8080),
      https: optional(port(), 8443),
      api: optional(port(), 6443),
      registry: optional(port(), 5000),
    }),
    {},
  ),
});

/** k3s in Docker on a developer's machine. */
export function k3d(
  options: K3dInput & { site: string },
): Tagged<"k3d", K3dInput & { site: string }> {
  return { kind: "k3d", ...options };
}
