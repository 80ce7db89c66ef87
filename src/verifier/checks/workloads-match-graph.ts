// Policies, capacity and diagrams are read from the graph, so a workload that is written must be the one the graph knows.

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, labelRequirements, matchesLabels, refOf } from "../../kubernetes/index.ts";
import { workloadName, type Workload } from "../../model/index.ts";
import type { PodTemplate } from "../pod-template.ts";
import { plainText, recordOf } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";

export const workloadOutsideGraph = defineDiagnostic<{ object: string }>({
  code: "verify/workload-outside-graph",
  severity: "error",
  message: ({ object }) => `${object} runs pods the graph does not know`,
});

export const workloadDiffers = defineDiagnostic<{
  object: string;
  what: string;
  written: string;
  known: string;
}>({
  code: "verify/workload-differs",
  severity: "error",
  message: ({ object, what, written, known }) =>
    `${object}: ${what} is ${written}, the graph has ${known}`,
});

export const missingWorkload = defineDiagnostic<{ workload: string; component: string }>({
  code: "verify/missing-workload",
  severity: "error",
  message: ({ workload, component }) =>
    `${workload} is in the graph, but ${component} never wrote it`,
});

export const checkWorkloadsMatchGraph: Check = function* (view) {
  for (const pod of view.pods) yield* checkWritten(pod, view);
  yield* checkUnwritten(view);
};

function* checkWritten(pod: PodTemplate, { graph }: TargetView): Iterable<Diagnostic> {
  const { object, origin } = pod.compiled;
  const shown = displayRef(refOf(object));
  const known = graph.workload(pod.namespace, workloadName(object));
  if (known === undefined || known.kind !== object.kind) {
    yield workloadOutsideGraph(origin.path, { object: shown });
    return;
  }
  for (const [what, written, expected] of differences(pod, known)) {
    yield workloadDiffers(origin.path, { object: shown, what, written, known: expected });
  }
}

type Difference = readonly [what: string, written: string, known: string];

function differences(pod: PodTemplate, known: Workload): Difference[] {
  const spec = recordOf(pod.compiled.object["spec"]);
  const images = pod.containers.filter(({ init }) => !init).map(({ image }) => image);
  const rows: Difference[] = [
    [
      "serviceAccountName",
      plainText(pod.spec["serviceAccountName"] ?? "default"),
      known.serviceAccount,
    ],
    ["hostNetwork", String(pod.spec["hostNetwork"] === true), String(known.hostNetwork === true)],
    ["the list of images", images.toSorted().join(" "), knownImages(known)],
    ["the list of ports", writtenPorts(pod), knownPorts(known)],
  ];
  // An autoscaler owns replicas where they are left out.
  const replicas = spec["replicas"];
  if (typeof replicas === "number")
    rows.push(["replicas", String(replicas), String(known.replicas)]);
  if (!matchesLabels(labelRequirements({ matchLabels: known.labels }), pod.labels)) {
    rows.push(["the set of labels", JSON.stringify(pod.labels), JSON.stringify(known.labels)]);
  }
  return rows.filter(([, written, expected]) => written !== expected);
}

function knownImages({ containers }: Workload): string {
  return containers
    .map(({ image }) => image)
    .toSorted()
    .join(" ");
}

function writtenPorts({ containers }: PodTemplate): string {
  const ports = containers.flatMap((container) => container.ports);
  return ports
    .map(({ containerPort, protocol }) => `${containerPort}/${protocol}`)
    .toSorted()
    .join(" ");
}

function knownPorts({ ports }: Workload): string {
  return ports
    .map(({ port, protocol }) => `${port}/${protocol}`)
    .toSorted()
    .join(" ");
}

/** A component either writes its workloads or brings a chart that makes them. */
function* checkUnwritten({ graph, objects, charts, cluster }: TargetView): Iterable<Diagnostic> {
  const written = new Set(
    objects.map(
      ({ object }) => `${object.kind}/${object.metadata.namespace}/${workloadName(object)}`,
    ),
  );
  const withCharts = new Set(charts.map(({ origin }) => origin.component));
  for (const { kind, namespace, name, component, origin } of graph.workloads) {
    if (withCharts.has(component) || component === cluster.substrate.kind) continue;
    if (written.has(`${kind}/${namespace}/${name}`)) continue;
    yield missingWorkload(origin, {
      workload: `${kind.toLowerCase()}/${name} -n ${namespace}`,
      component,
    });
  }
}
