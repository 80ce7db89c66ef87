// What Linkerd's injector is told: the ConfigMap its chart writes, with those of the values that injected containers are made
// of. Source: linkerd/linkerd2 edge-26.8.3 charts/linkerd-control-plane/templates/config.yaml; JSON is YAML.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject, LiveObjects } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { figures } from "./charts.ts";
import type { LinkerdOptions } from "./options.ts";
import { CHARTS, NAMESPACE, PROXY_IMAGE } from "./surface.ts";

const REF = {
  apiVersion: "v1",
  kind: "ConfigMap",
  name: "linkerd-config",
  namespace: NAMESPACE,
} as const;

export function injectorConfigMap(
  { versions }: Pick<PlannedCluster, "versions">,
  { sidecar }: LinkerdOptions,
): KubernetesObject {
  const { name, namespace, ...kind } = REF;
  const values = {
    cniEnabled: true,
    linkerdVersion: versions.chart(CHARTS.control).appVersion,
    proxy: { image: { name: PROXY_IMAGE }, nativeSidecar: true, resources: figures(sidecar) },
  };
  const labels = {
    "linkerd.io/control-plane-component": "controller",
    "linkerd.io/control-plane-ns": NAMESPACE,
  };
  return {
    ...kind,
    metadata: { name, namespace, labels },
    data: { values: JSON.stringify(values, undefined, 2) },
  };
}

export interface InjectorConfiguration {
  readonly version: string;
  readonly image: string;
  readonly cpu: Fields;
  readonly memory: Fields;
  readonly native: boolean;
}

/** Undefined: there is no control plane, or nothing of it can be read. */
export function injectorConfiguration(
  live: Pick<LiveObjects, "get">,
): InjectorConfiguration | undefined {
  const data = live.get(REF)?.["data"];
  const values = isRecord(data) ? parse(data["values"]) : undefined;
  if (values === undefined) return undefined;
  const proxy = recordAt(values, "proxy");
  const resources = recordAt(proxy, "resources");
  const version = String(values["linkerdVersion"]);
  return {
    version,
    image: `${String(recordAt(proxy, "image")["name"])}:${version}`,
    cpu: recordAt(resources, "cpu"),
    memory: recordAt(resources, "memory"),
    native: proxy["nativeSidecar"] !== false,
  };
}

function parse(text: unknown): Fields | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function recordAt(record: Fields, key: string): Fields {
  const value = record[key];
  return isRecord(value) ? value : {};
}
