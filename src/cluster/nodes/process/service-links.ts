// The variables by which a container finds the Services of its namespace. Pure. Mirrors pkg/kubelet/envvars/envvars.go.

import type { KindToken, KubernetesObject } from "../../../kubernetes/index.ts";

export interface LinkedService extends KubernetesObject {
  readonly spec?: {
    readonly clusterIP?: string;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly protocol?: string;
    }[];
  };
}

export const SERVICE: KindToken<LinkedService> = { apiVersion: "v1", kind: "Service" };

/** Of the namespace when the pod wants them, and of the API server always. */
export function serviceLinks(
  services: readonly LinkedService[],
  { namespace, enabled }: { readonly namespace: string; readonly enabled: boolean },
): Readonly<Record<string, string>> {
  const linked = services.filter(({ metadata, spec }) => {
    const hasAddress = spec?.clusterIP !== undefined && !["", "None"].includes(spec.clusterIP);
    if (!hasAddress) return false;
    const isApi = metadata.namespace === "default" && metadata.name === "kubernetes";
    return isApi || (enabled && metadata.namespace === namespace);
  });
  return Object.assign({}, ...linked.map(variablesOf));
}

function variablesOf({ metadata, spec }: LinkedService): Readonly<Record<string, string>> {
  const prefix = upper(metadata.name);
  const { clusterIP = "", ports = [] } = spec ?? {};
  const found: Record<string, string> = { [`${prefix}_SERVICE_HOST`]: clusterIP };
  ports.forEach(({ name, port, protocol = "TCP" }, index) => {
    const scheme = protocol.toLowerCase();
    const url = `${scheme}://${clusterIP}:${port}`;
    const own = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
    if (index === 0) {
      found[`${prefix}_SERVICE_PORT`] = String(port);
      found[`${prefix}_PORT`] = url;
    }
    if (name) found[`${prefix}_SERVICE_PORT_${upper(name)}`] = String(port);
    Object.assign(found, {
      [own]: url,
      [`${own}_PROTO`]: scheme,
      [`${own}_PORT`]: String(port),
      [`${own}_ADDR`]: clusterIP,
    });
  });
  return found;
}

function upper(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
