// There is one way in, and everything else that is open to the outside says why, to whom and how much: a Service that gets an
// address or a port of the nodes, a port of a node that a pod takes, a port of the machine a cluster runs on.

import type { Path } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import type { ExposedThing } from "../../model/index.ts";
import { recordOf } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";

export const undeclaredEntry = defineDiagnostic<{ what: string; name: string }>({
  code: "verify/undeclared-entry",
  severity: "error",
  message: ({ what }) => `${what} is open to the outside, and nothing says why or to whom`,
  hint: ({ name }) =>
    `make it a ClusterIP, or add it to exposures: service: ${JSON.stringify(name)} with reason, allowFrom and connections`,
});

export const undeclaredPort = defineDiagnostic<{ what: string }>({
  code: "verify/undeclared-port",
  severity: "error",
  message: ({ what }) => `${what} is open to the outside, and nothing says why or to whom`,
  hint: () => "let a Service lead there instead",
});

export const severalEntries = defineDiagnostic<{ services: readonly string[] }>({
  code: "verify/several-entries",
  severity: "error",
  message: ({ services }) => `routes come in by ${services.join(" and ")}: there is one way in`,
  hint: () => "keep one, or put the others under exposures with a reason",
});

export const exposedNothing = defineDiagnostic<{ name: string; service: string }>({
  code: "verify/exposes-nothing",
  severity: "error",
  message: ({ name, service }) => `${name} opens ${service}, and no such Service is open there`,
  hint: () => "correct the name, or drop the exposure",
});

/** What is open, whoever makes it. */
interface Open {
  readonly thing: ExposedThing;
  readonly what: string;
  readonly path: Path;
}

export const checkExposures: Check = function* (view) {
  const { exposures } = view.cluster;
  const known = new Set(exposures.map(({ opens }) => keyOf(opens)));
  const open = [...services(view), ...machinePorts(view)];
  for (const { thing, what, path } of open) {
    if (known.has(keyOf(thing))) continue;
    if (thing.kind === "machine-port") yield undeclaredPort(path, { what });
    else yield undeclaredEntry(path, { what, name: `${thing.namespace}/${thing.name}` });
  }
  for (const { what, path } of podPorts(view)) yield undeclaredPort(path, { what });

  const entries = exposures.filter(({ entry }) => entry === true);
  const [, second] = entries;
  if (second !== undefined) {
    yield severalEntries(second.origin, { services: entries.map(({ opens }) => nameOf(opens)) });
  }
  const there = new Set(open.map(({ thing }) => keyOf(thing)));
  for (const { name, opens, origin } of exposures) {
    if (opens.kind !== "service" || there.has(keyOf(opens))) continue;
    yield exposedNothing(origin, { name, service: nameOf(opens) });
  }
};

/** Ours, and those that charts and controllers make. */
function* services(view: TargetView): Generator<Open> {
  const seen = new Set<string>();
  for (const { object, path } of view.ofKind("Service")) {
    const { type, externalIPs } = recordOf(object["spec"]);
    const isOpen =
      type === "LoadBalancer" ||
      type === "NodePort" ||
      (Array.isArray(externalIPs) && externalIPs.length > 0);
    const { name, namespace = "default" } = object.metadata;
    if (!isOpen) continue;
    seen.add(`${namespace}/${name}`);
    yield serviceAt(namespace, name, path);
  }
  for (const { namespace, services: own, origin } of view.graph.workloads) {
    for (const { name, type } of own) {
      if (type !== "LoadBalancer" || seen.has(`${namespace}/${name}`)) continue;
      yield serviceAt(namespace, name, origin);
    }
  }
}

const serviceAt = (namespace: string, name: string, path: Path): Open => ({
  thing: { kind: "service", namespace, name },
  what: `the Service ${namespace}/${name}`,
  path,
});

/** Pods on the node's own network are part of the node: what reaches them there is the node's firewall's to say. */
function* podPorts({ pods }: TargetView): Generator<Pick<Open, "what" | "path">> {
  for (const { compiled, containers, spec } of pods) {
    if (spec["hostNetwork"] === true) continue;
    const ports = containers.flatMap((container) => container.ports);
    for (const { hostPort } of ports) {
      if (hostPort === undefined) continue;
      yield { what: `port ${hostPort} of the nodes`, path: compiled.origin.path };
    }
  }
}

/** Those that lead to the way in of routes need no reason of their own. */
const TO_THE_ENTRY: readonly string[] = ["http", "https"];

function* machinePorts({ cluster }: TargetView): Generator<Open> {
  for (const [name, port] of Object.entries(cluster.network.hostPorts ?? {})) {
    if (TO_THE_ENTRY.includes(name)) continue;
    yield {
      thing: { kind: "machine-port", name },
      what: `port ${port} of ${cluster.site.name} (${name})`,
      path: ["clusters", cluster.name],
    };
  }
}

const keyOf = (thing: ExposedThing): string => `${thing.kind} ${nameOf(thing)}`;

function nameOf(thing: ExposedThing): string {
  return thing.kind === "service" ? `${thing.namespace}/${thing.name}` : thing.name;
}
