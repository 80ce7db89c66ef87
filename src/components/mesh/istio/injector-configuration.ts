// What the injector of istiod is told: the ConfigMap its chart writes, with those of the values that injected containers are
// made of. Source: istio/istio 1.30.3 istio-discovery/templates/istiod-injector-configmap.yaml.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject, LiveObjects } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { IstioOptions } from "./options.ts";
import { HUB, NAMESPACE } from "./surface.ts";

const NAME = "istio-sidecar-injector";
const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" } as const;

export function injectorConfigMap(
  { versions }: Pick<PlannedCluster, "versions">,
  { revision, sidecar, mode }: IstioOptions,
): KubernetesObject {
  const isDefault = revision === "default";
  const values = {
    global: {
      hub: HUB,
      tag: versions.chart("istiod").appVersion,
      proxy: { image: "proxyv2", resources: sidecar },
    },
    revision: isDefault ? "" : revision,
    pilot: {
      cni: { enabled: true },
      env: mode === "ambient" ? {} : { ENABLE_NATIVE_SIDECARS: "true" },
    },
  };
  return {
    ...CONFIG_MAP,
    metadata: {
      name: isDefault ? NAME : `${NAME}-${revision}`,
      namespace: NAMESPACE,
      labels: { "istio.io/rev": revision },
    },
    data: { values: JSON.stringify(values, undefined, 2) },
  };
}

export interface InjectorConfiguration {
  readonly revision: string;
  readonly image: string;
  readonly resources: Fields;
  /** `auto` looks at the nodes; those of every supported version can. */
  readonly native: boolean;
}

/** One for every revision that is installed. */
export function injectorConfigurations(
  live: Pick<LiveObjects, "list">,
): readonly InjectorConfiguration[] {
  return live
    .list(CONFIG_MAP, NAMESPACE)
    .filter(({ metadata }) => metadata.name === NAME || metadata.name.startsWith(`${NAME}-`))
    .flatMap(({ data }) => {
      const values = isRecord(data) ? parse(data["values"]) : undefined;
      return values === undefined ? [] : [readValues(values)];
    });
}

function parse(text: unknown): Fields | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readValues(values: Fields): InjectorConfiguration {
  const global = recordAt(values, "global");
  const proxy = recordAt(global, "proxy");
  const { revision } = values;
  const native = recordAt(recordAt(values, "pilot"), "env")["ENABLE_NATIVE_SIDECARS"];
  return {
    revision: typeof revision === "string" && revision !== "" ? revision : "default",
    image: `${String(global["hub"])}/${String(proxy["image"])}:${String(global["tag"])}`,
    resources: recordAt(proxy, "resources"),
    native: native !== "false",
  };
}

function recordAt(record: Fields, key: string): Fields {
  const value = record[key];
  return isRecord(value) ? value : {};
}
