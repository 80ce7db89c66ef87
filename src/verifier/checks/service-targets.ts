// A Service must select pods, and every port of it must end at a port one of those pods opens.

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, labelRequirements, matchesLabels, refOf } from "../../kubernetes/index.ts";
import { recordOf, recordsIn, textsOf } from "../pod-template.ts";
import type { Check, SeenObject, TargetView } from "../target-view.ts";

export const selectsNothing = defineDiagnostic<{ object: string; selector: string }>({
  code: "verify/selects-nothing",
  severity: "error",
  message: ({ object, selector }) => `${object}: no pod has the labels ${selector}`,
});

export const missingTargetPort = defineDiagnostic<{ object: string; port: string; open: string }>({
  code: "verify/missing-target-port",
  severity: "error",
  message: ({ object, port }) => `${object}: no pod behind it opens port ${port}`,
  hint: ({ open }) => (open === "" ? undefined : `the pods open ${open}`),
});

export const checkServiceTargets: Check = function* (view) {
  for (const service of view.ofKind("Service")) {
    const spec = recordOf(service.object["spec"]);
    const selector = textsOf(spec["selector"]);
    // Without a selector the endpoints are somebody else's business.
    if (service.compiled === undefined || Object.keys(selector).length === 0) continue;
    yield* checkService(service, selector, recordsIn(spec["ports"]), view);
  }
};

function* checkService(
  { object, path }: SeenObject,
  selector: Readonly<Record<string, string>>,
  ports: readonly Readonly<Record<string, unknown>>[],
  view: TargetView,
): Iterable<Diagnostic> {
  const shown = displayRef(refOf(object));
  const pods = podsBehind(selector, object.metadata.namespace ?? "default", view);
  if (pods.length === 0) {
    yield selectsNothing(path, { object: shown, selector: formatLabels(selector) });
    return;
  }
  const open = pods.flat();
  for (const { port, targetPort = port } of ports) {
    if (open.some(({ name, number }) => name === targetPort || number === targetPort)) continue;
    const names = [...new Set(open.map(({ name, number }) => name ?? String(number)))];
    yield missingTargetPort(path, {
      object: shown,
      port: String(targetPort),
      open: names.join(", "),
    });
  }
}

interface OpenPort {
  readonly name: string | undefined;
  readonly number: number;
}

/** Ports of every workload the labels select, ours and those of charts. */
function podsBehind(
  selector: Readonly<Record<string, string>>,
  namespace: string,
  { pods, graph }: TargetView,
): (readonly OpenPort[])[] {
  const wanted = labelRequirements({ matchLabels: selector });
  const own = pods
    .filter((pod) => pod.namespace === namespace && matchesLabels(wanted, pod.labels))
    .map(({ containers }) =>
      containers.flatMap(({ ports }) =>
        ports.map(({ name, containerPort }) => ({ name, number: containerPort })),
      ),
    );
  const known = graph.workloads
    .filter(
      (workload) => workload.namespace === namespace && matchesLabels(wanted, workload.labels),
    )
    .map(({ ports }) => ports.map(({ name, port }) => ({ name, number: port })));
  return own.length > 0 ? own : known;
}

export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
