// What a component says of its pods is what it emits. Everything that reads the graph (policies, checks, quotas, drills)
// believes the surface; a manifest that differs would make all of them wrong.

import { describe, expect, it } from "vitest";

import { isRecord } from "../core/index.ts";
import type { KubernetesObject } from "../kubernetes/index.ts";
import type { Workload } from "../model/index.ts";
import { podSpecPath } from "./posture/restricted/pod-spec.ts";
import { ENVIRONMENTS } from "./testing/definitions.ts";
import { emissionsOf, planEnvironment } from "./testing/plan.ts";

type Fields = Readonly<Record<string, unknown>>;

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, key) => (isRecord(here) ? here[key] : undefined), value);
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly resources: Fields;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
}

/** A manifest in the words of the surface. */
function seen(object: KubernetesObject): Fields {
  const path = podSpecPath(object) ?? [];
  const template = at(object, path.slice(0, -1));
  const spec = at(object, path);
  const containers = at(spec, ["containers"]) as readonly Container[];
  return {
    kind: object.kind,
    name: object.metadata.name,
    namespace: object.metadata.namespace,
    labels: at(template, ["metadata", "labels"]),
    serviceAccount: at(spec, ["serviceAccountName"]),
    token: at(spec, ["automountServiceAccountToken"]),
    containers: containers.map(({ name, image, resources }) => ({ name, image, ...resources })),
    ports: containers.flatMap(({ ports = [] }) =>
      ports.map(({ name, containerPort }) => `${name}:${containerPort}`),
    ),
  };
}

function said(workload: Workload, platform: string): Fields {
  return {
    kind: workload.kind,
    name: workload.name,
    namespace: workload.namespace,
    labels: { ...workload.labels, "app.kubernetes.io/part-of": platform },
    serviceAccount: workload.serviceAccount,
    token: workload.usesApi,
    containers: workload.containers.map(({ name, image, requests, limits }) => ({
      name,
      image,
      requests,
      limits,
    })),
    ports: workload.ports.map(({ name, port }) => `${name}:${port}`),
  };
}

describe.each(ENVIRONMENTS)("%s", (_title, definition, environment) => {
  const planned = planEnvironment(definition, environment);
  const { cluster } = planned;
  const emissions = emissionsOf(planned);
  const objects = emissions.flatMap(({ emission }) => emission.objects ?? []);
  const running = objects.map(({ object }) => object).filter((object) => podSpecPath(object));
  const withCharts = new Set(
    emissions.filter(({ emission }) => emission.charts).map(({ component }) => component),
  );
  const key = ({ kind, namespace, name }: Fields): string =>
    [kind, namespace, name].map(String).join("/");
  const emitted = running.map(seen).map(key).toSorted();
  // Beside a chart, a component may have workloads of its own.
  const ours = cluster.workloads.filter(
    (workload) => !withCharts.has(workload.component) || emitted.includes(key({ ...workload })),
  );

  it("emits every workload of its own, and none that the graph does not know", () => {
    expect(emitted).toEqual(ours.map((workload) => key({ ...workload })).toSorted());
  });

  it.each(ours.map((workload) => [`${workload.namespace}/${workload.name}`, workload] as const))(
    "%s runs as its surface says",
    (_name, workload) => {
      const object = running.find(
        ({ kind, metadata }) =>
          kind === workload.kind &&
          metadata.name === workload.name &&
          metadata.namespace === workload.namespace,
      );
      expect(object && seen(object)).toEqual(said(workload, cluster.platform));
      const replicas = at(object, ["spec", "replicas"]);
      expect([undefined, workload.replicas]).toContain(replicas);
      const selector = at(object, ["spec", "selector", "matchLabels"]);
      if (selector !== undefined) expect(selector).toEqual(workload.labels);
    },
  );

  it.each(ours.map((workload) => [`${workload.namespace}/${workload.name}`, workload] as const))(
    "%s has its Services and its account",
    (_name, workload) => {
      const inNamespace = (kind: string): KubernetesObject[] =>
        objects
          .map(({ object }) => object)
          .filter((object) => object.kind === kind)
          .filter(({ metadata }) => metadata.namespace === workload.namespace);
      const accounts = inNamespace("ServiceAccount").map(({ metadata }) => metadata.name);
      expect(accounts).toContain(workload.serviceAccount);
      for (const service of workload.services) {
        const found = inNamespace("Service").find(({ metadata }) => metadata.name === service.name);
        expect(at(found, ["spec", "selector"])).toEqual(workload.labels);
        const ports = at(found, ["spec", "ports"]) as readonly { port: number }[];
        expect(ports.map(({ port }) => port)).toEqual(service.ports.map(({ port }) => port));
      }
    },
  );

  it("selects each workload's pods by labels no other workload of the namespace has", () => {
    for (const workload of cluster.workloads) {
      const alike = cluster.workloads.filter(
        (other) =>
          other.namespace === workload.namespace &&
          Object.entries(workload.labels).every(([key, value]) => other.labels[key] === value),
      );
      expect(alike.map(({ name }) => name)).toEqual([workload.name]);
    }
  });

  it("leads every route to a port its workload listens on", () => {
    for (const { workload, namespace, targetPort, service, servicePort } of cluster.routes) {
      const found = planned.graph.workload(namespace, workload);
      expect(found?.ports.map(({ port }) => port)).toContain(targetPort);
      const port = found?.services
        .find(({ name }) => name === service)
        ?.ports.find((one) => one.port === servicePort);
      expect(port?.targetPort).toBe(targetPort);
    }
  });

  it("ends every flow at a port its workload listens on", () => {
    for (const { name, to, port } of planned.graph.flows) {
      if (to.kind !== "workload") continue;
      const target = planned.graph.workload(to.namespace, to.name);
      // A tunnel ends at the mesh's proxy, which is not the workload's own.
      if (port === target?.mesh?.tunnelPort) continue;
      const ports = target?.ports ?? [];
      expect({ name, ports: ports.map((one) => one.port) }).toEqual({
        name,
        ports: expect.arrayContaining([port]),
      });
    }
  });
});
