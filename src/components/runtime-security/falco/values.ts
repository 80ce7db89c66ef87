// Values of the falco chart, and the platform's own rules beside the published ones. Keys as in charts/falco/values.yaml; macros and
// lists (`spawned_process`, `container`, `shell_binaries`) as in falcosecurity/rules falco_rules.yaml.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { FalcoOptions } from "./options.ts";
import { alertSink, forwardersOf, FORWARDER_RESOURCES, RELEASE, RESOURCES } from "./surface.ts";

export function falcoValues(cluster: PlannedCluster, { priority }: FalcoOptions): Fields {
  const rules = appRules(cluster);
  return {
    fullnameOverride: RELEASE,
    // Legacy eBPF is gone since 0.44, and immutable nodes load no module.
    driver: { kind: "modern_ebpf" },
    resources: RESOURCES,
    metrics: { enabled: true },
    // Rules change with the chart's version, not by themselves.
    falcoctl: { artifact: { install: { enabled: true }, follow: { enabled: false } } },
    falco: { json_output: true, priority },
    ...forwarding(cluster),
    ...(rules === undefined ? {} : { customRules: { "platform.yaml": rules } }),
  };
}

/** To who routes alerts to people; the chart itself points Falco's HTTP output at it. */
function forwarding(cluster: PlannedCluster): Fields {
  const sink = alertSink(cluster);
  if (sink === undefined) return {};
  return {
    falcosidekick: {
      enabled: true,
      replicaCount: forwardersOf(cluster),
      resources: FORWARDER_RESOURCES,
      // What is less is read in the logs, and wakes nobody.
      config: { alertmanager: { hostport: sink.url, minimumpriority: "warning" } },
    },
  };
}

/** Apps' containers run one program: a shell in one of them is somebody looking for something. */
function appRules({ namespaces }: PlannedCluster): string | undefined {
  const apps = namespaces.filter(({ tenancy }) => tenancy === "app").map(({ name }) => name);
  if (apps.length === 0) return undefined;
  return `- rule: Shell in an app's container
  desc: A shell was started in a container of an app
  condition: spawned_process and container and k8s.ns.name in (${apps.join(", ")}) and proc.name in (shell_binaries)
  output: Shell in an app's container | pod=%k8s.pod.name namespace=%k8s.ns.name command=%proc.cmdline parent=%proc.pname user=%user.name
  priority: WARNING
  tags: [container, shell, mitre_execution, T1059]
`;
}
