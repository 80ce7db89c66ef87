// Where a surface and its chart disagree. What others read of a surface is compared, and nothing else.

import { canonicalQuantity } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import type { Workload } from "../../src/model/index.ts";
import {
  type Fields,
  listAt,
  recordAt,
  type RenderedContainer,
  type RenderedWorkload,
  text,
} from "./rendered-workloads.ts";

/** One line each, without the workload's name. */
export function workloadDifferences(
  said: Workload,
  found: RenderedWorkload,
  objects: readonly KubernetesObject[],
): readonly string[] {
  const byNode = said.kind === "DaemonSet";
  return [
    ...differ("replicas", byNode ? 0 : said.replicas, byNode ? 0 : found.replicas),
    ...differ("service account", said.serviceAccount, found.serviceAccount),
    ...differ("host network", said.hostNetwork === true, found.hostNetwork),
    ...labelDifferences(said, found),
    ...portDifferences(said, found),
    ...containerDifferences(said, found),
    ...serviceDifferences(said, found, objects),
    ...differ("calls the API", said.usesApi, hasRules(found, objects)),
    ...differ("webhook", said.webhookPort, webhookPortOf(found, objects)),
  ];
}

function differ(what: string, said: unknown, found: unknown): readonly string[] {
  if (said === found) return [];
  return [`${what}: the surface says ${String(said)}, the chart ${String(found)}`];
}

/** All of the surface's labels must be the pods'; charts add more. */
function labelDifferences(said: Workload, found: RenderedWorkload): readonly string[] {
  return Object.entries(said.labels).flatMap(([key, value]) =>
    differ(`label ${key}`, value, found.labels[key]),
  );
}

function portDifferences(said: Workload, found: RenderedWorkload): readonly string[] {
  // A name may be missing in the chart: nothing but a Service can then use it.
  const stated = said.ports.map(({ name, port, protocol }) => `${name}:${port}/${protocol}`);
  const numbers = (ports: readonly string[]) => ports.map((port) => port.replace(/^[^:]*:/, ""));
  const missing = stated.filter((port) => !numbers(found.ports).includes(numbers([port])[0] ?? ""));
  const renamed = stated.filter((port) => !missing.includes(port) && !found.ports.includes(port));
  const unsaid = found.ports.filter((port) => !numbers(stated).includes(numbers([port])[0] ?? ""));
  return [
    ...missing.map((port) => `port ${port} is not the chart's`),
    ...renamed.map((port) => `port ${port} has another name: ${found.ports.join(" ")}`),
    ...unsaid.map((port) => `port ${port} is missing in the surface`),
  ];
}

function containerDifferences(said: Workload, found: RenderedWorkload): readonly string[] {
  const names = (list: readonly { readonly name: string }[]) =>
    list.map(({ name }) => name).toSorted();
  const both = said.containers.flatMap((container) => {
    const rendered = found.containers.find(({ name }) => name === container.name);
    return rendered === undefined ? [] : [[container, rendered] as const];
  });
  return [
    ...differ("containers", names(said.containers).join(" "), names(found.containers).join(" ")),
    ...both.flatMap(([container, rendered]) => oneContainer(container, rendered)),
  ];
}

function oneContainer(
  { name, image, requests, limits }: Workload["containers"][number],
  rendered: RenderedContainer,
): readonly string[] {
  const sizes = (which: string, stated: Fields, found: Fields) =>
    [...new Set([...Object.keys(stated), ...Object.keys(found)])]
      .filter((resource) => resource === "cpu" || resource === "memory")
      .flatMap((resource) =>
        differ(
          `${name} ${which} ${resource}`,
          quantity(stated[resource]),
          quantity(found[resource]),
        ),
      );
  return [
    ...differ(`${name} image`, comparable(image), comparable(rendered.image)),
    ...sizes("requests", requests, rendered.requests),
    ...sizes("limits", limits, rendered.limits),
  ];
}

function quantity(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalQuantity(text(value));
}

/** A digest says more than the tag it stands beside; Docker's registry may be left out. */
function comparable(image: string): string {
  const name = image.replace(/@sha256:[0-9a-f]+$/, "").replace(/^docker\.io\//, "");
  return name.replace(/^library\//, "");
}

function serviceDifferences(
  said: Workload,
  found: RenderedWorkload,
  objects: readonly KubernetesObject[],
): readonly string[] {
  const services = objects.filter(({ kind }) => kind === "Service");
  return said.services.flatMap((stated) => {
    const service = services.find(({ metadata }) => metadata.name === stated.name);
    if (service === undefined) return [`Service ${stated.name} is not the chart's`];
    const selector = Object.entries(recordAt(service, "spec", "selector"));
    const selects = selector.every(([key, value]) => found.labels[key] === value);
    const ports = listAt(service, "spec", "ports").map(
      ({ port, targetPort = port }) => `${String(port)}→${portNumber(targetPort, found)}`,
    );
    const missing = stated.ports
      .map(({ port, targetPort }) => `${port}→${targetPort}`)
      .filter((port) => !ports.includes(port));
    return [
      ...(selects ? [] : [`Service ${stated.name} selects other pods`]),
      ...missing.map((port) => `Service ${stated.name} has ${ports.join(" ")}, not ${port}`),
    ];
  });
}

function portNumber(target: unknown, { ports }: RenderedWorkload): string {
  const named = ports.find((port) => port.startsWith(`${String(target)}:`));
  return named === undefined ? String(target) : (/:(\d+)/.exec(named)?.[1] ?? "");
}

/** Its account is the subject of a binding to a role that allows something. */
function hasRules(
  { serviceAccount, namespace }: RenderedWorkload,
  objects: readonly KubernetesObject[],
): boolean {
  const empty = new Set(
    objects
      .filter(({ kind }) => kind === "Role" || kind === "ClusterRole")
      .filter((role) => listAt(role, "rules").length === 0 && role["aggregationRule"] === undefined)
      .map(({ kind, metadata }) => `${kind}/${metadata.name}`),
  );
  const binds = (binding: KubernetesObject): boolean =>
    listAt(binding, "subjects").some(
      (subject) =>
        subject["kind"] === "ServiceAccount" &&
        subject["name"] === serviceAccount &&
        (subject["namespace"] ?? namespace) === namespace,
    );
  return objects
    .filter(({ kind }) => kind === "RoleBinding" || kind === "ClusterRoleBinding")
    .filter(binds)
    .map((binding) => recordAt(binding, "roleRef"))
    .some(({ kind, name }) => !empty.has(`${String(kind)}/${String(name)}`));
}

const WEBHOOKS = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/** The port of the pod that the API server calls, for admission or for an API of its own. */
function webhookPortOf(
  found: RenderedWorkload,
  objects: readonly KubernetesObject[],
): number | undefined {
  const clients = objects.flatMap((object) => {
    if (WEBHOOKS.includes(object.kind))
      return listAt(object, "webhooks").map((hook) => recordAt(hook, "clientConfig", "service"));
    return object.kind === "APIService" ? [recordAt(object, "spec", "service")] : [];
  });
  for (const { name, port = 443 } of clients) {
    const service = objects.find(
      ({ kind, metadata }) => kind === "Service" && metadata.name === name,
    );
    const selector = Object.entries(recordAt(service, "spec", "selector"));
    if (service === undefined || !selector.every(([key, value]) => found.labels[key] === value))
      continue;
    const target = listAt(service, "spec", "ports").find((one) => one["port"] === port);
    return Number(portNumber(target?.["targetPort"] ?? port, found));
  }
  return undefined;
}
