// Two things cannot listen on the same port of a node, or of the developer's machine.

import { defineDiagnostic, groupBy } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import { recordOf, recordsIn } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";

export const contestedPort = defineDiagnostic<{ port: string; users: readonly string[] }>({
  code: "verify/contested-port",
  severity: "error",
  message: ({ port, users }) => `${port} is wanted by ${users.join(" and ")}`,
  hint: () => "give one of them another port",
});

interface PortUse {
  readonly port: string;
  readonly user: string;
  readonly path: Parameters<typeof contestedPort>[0];
}

export const checkHostPorts: Check = function* (view) {
  const uses = [...nodePorts(view), ...hostPorts(view), ...machinePorts(view)];
  for (const [port, same] of groupBy(uses, (use) => use.port)) {
    const [, second] = same;
    if (second === undefined) continue;
    yield contestedPort(second.path, { port, users: same.map(({ user }) => user) });
  }
};

function nodePorts({ ofKind }: TargetView): PortUse[] {
  return ofKind("Service").flatMap(({ object, path }) =>
    recordsIn(recordOf(object["spec"])["ports"]).flatMap(({ nodePort, protocol = "TCP" }) =>
      typeof nodePort === "number"
        ? [
            {
              port: `node port ${nodePort}/${String(protocol)}`,
              user: displayRef(refOf(object)),
              path,
            },
          ]
        : [],
    ),
  );
}

function hostPorts({ pods }: TargetView): PortUse[] {
  return pods.flatMap(({ compiled, containers, spec }) =>
    containers.flatMap(({ ports }) =>
      ports.flatMap(
        ({
          containerPort,
          hostPort = spec["hostNetwork"] === true ? containerPort : undefined,
          protocol,
        }) => {
          if (hostPort === undefined) return [];
          const user = displayRef(refOf(compiled.object));
          return [{ port: `host port ${hostPort}/${protocol}`, user, path: compiled.origin.path }];
        },
      ),
    ),
  );
}

/** Clusters of one developer machine share its ports. */
function machinePorts({ cluster, compiled }: TargetView): PortUse[] {
  const neighbours = compiled.targets
    .map((target) => target.cluster)
    .filter(({ site }) => site.name === cluster.site.name);
  const distinct = new Map(neighbours.map((neighbour) => [neighbour.name, neighbour]));
  return [...distinct.values()].flatMap(({ name, network }) =>
    Object.entries(network.hostPorts ?? {}).map(([use, port]) => ({
      port: `port ${port} of ${cluster.site.name}`,
      user: `${name} (${use})`,
      path: ["clusters", name],
    })),
  );
}
