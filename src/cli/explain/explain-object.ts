// Why an object exists: the line that asked for it, the component that wrote it, its flows, and what else the line made.

import { formatPath, valueAt } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { Endpoint, Flow } from "../../model/index.ts";
import { folderName } from "../../compiler/index.ts";
import { BOOTSTRAP_AREA, workloadName } from "../../model/index.ts";
import type { ExplainedPlatform } from "./explain.ts";
import type { FoundObject } from "./find-objects.ts";
import { groupRefs, labelled, objectsFrom, settingsFrom } from "./origin-line.ts";
import { placeOfPath } from "../definition/positions.ts";
import { filesOf } from "./tree-files.ts";

export function explainObject(found: readonly FoundObject[], platform: ExplainedPlatform): string {
  const [first] = found;
  if (first === undefined) return "";
  const { compiled, target } = first;
  const { object, origin, wave, area } = compiled;
  const shown = displayRef(refOf(object));
  const unit = target.engine?.words.unit ?? "folder";
  const application = area === BOOTSTRAP_AREA ? "bootstrap" : `${unit} ${folderName(area)}`;
  const siblings = [
    ...groupRefs(objectsFrom(origin.path, target, shown)),
    ...settingsFrom(origin.path, target),
  ];
  const rows = [
    ["because", [because(first, platform)]],
    ["from", [`component ${origin.component}`]],
    ["on", [found.map((each) => each.target.cluster.target).join(", ")]],
    ["file", files(found, platform)],
    ["flow", flowsOf(first)],
    ["also", siblings],
  ] as const;
  return `${shown}   wave ${wave}, ${application}\n${labelled(rows)}`;
}

function because({ compiled, target }: FoundObject, platform: ExplainedPlatform): string {
  const path = target.plan.originOf(compiled.origin.path);
  const value = valueAt(platform.definition, path);
  const says =
    typeof value === "string" ? ` is "${value}"` : value === undefined ? " has this default" : "";
  return `${formatPath(path) || "every platform"}${says}   ${placeOfPath(path, platform.file)}`;
}

function files(found: readonly FoundObject[], { compiled: platform }: ExplainedPlatform): string[] {
  return [
    ...new Set(
      found.flatMap(({ compiled, target }) => filesOf(compiled, target.cluster.target, platform)),
    ),
  ];
}

/** Flows a workload takes part in, and the flow a policy is for. */
function flowsOf({ compiled: { object }, target: { graph } }: FoundObject): string[] {
  const { name, namespace = "" } = object.metadata;
  const workload = graph.workload(namespace, workloadName(object));
  if (object.kind === "NetworkPolicy") {
    return graph.flows
      .filter((flow) => name === flow.name || name === `${flow.name}-egress`)
      .map(describeFlow);
  }
  if (workload === undefined || workload.kind !== object.kind) return [];
  const own = [...graph.into(workload), ...graph.outOf(workload)];
  return [...new Set(own)].filter(({ purpose }) => purpose !== "dns").map(describeFlow);
}

export function describeFlow({ from, to, port, protocol, application, encryption }: Flow): string {
  const transport = protocol === "TCP" ? "" : `/${protocol}`;
  const secured = encryption === "none" ? "" : `, ${encryption}`;
  return `${describeEnd(from)} → ${describeEnd(to)}:${port}${transport}  ${application}${secured}`;
}

function describeEnd(end: Endpoint): string {
  switch (end.kind) {
    case "workload":
      return end.name;
    case "external":
      return end.name;
    case "every-workload":
      return "every workload";
    case "api-server":
      return "the API server";
    case "cluster-dns":
      return "cluster DNS";
    case "nodes":
      return "the nodes";
    case "internet":
      return "the internet";
  }
}
