// A pod that runs, as a node agent would have written it, for tests of streams.

import type { ServedCluster } from "./served-cluster.ts";

export interface RunningPod {
  readonly name: string;
  readonly containers?: readonly string[];
  /** Declared by the first container. */
  readonly port?: number;
}

export async function runPod(
  cluster: ServedCluster,
  { name, containers = ["app"], port }: RunningPod,
): Promise<void> {
  const path = "/api/v1/namespaces/default/pods";
  const ports = port === undefined ? {} : { ports: [{ containerPort: port }] };
  const spec = {
    nodeName: "n",
    containers: containers.map((one, index) => ({
      name: one,
      image: "registry.example/app:1",
      ...(index === 0 ? ports : {}),
    })),
  };
  const made = await cluster.send("POST", path, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec,
  });
  if (made.status !== 201) throw new Error(made.text);
  const startedAt = "2026-01-01T00:00:00Z";
  const containerStatuses = containers.map((one) => ({
    name: one,
    ready: true,
    started: true,
    restartCount: 0,
    image: "registry.example/app:1",
    imageID: "",
    state: { running: { startedAt } },
  }));
  const status = {
    phase: "Running",
    conditions: [{ type: "Ready", status: "True" }],
    containerStatuses,
  };
  const written = await cluster.send(
    "PATCH",
    `${path}/${name}/status`,
    { status },
    { "content-type": "application/merge-patch+json" },
  );
  if (written.status !== 200) throw new Error(written.text);
}
