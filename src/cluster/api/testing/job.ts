// A Job with indexes, for tests that change it.

import type { KubernetesObject } from "../../../kubernetes/index.ts";

export const JOB: KubernetesObject = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    manualSelector: true,
    selector: { matchLabels: { app: "web" } },
    completions: 2,
    parallelism: 2,
    completionMode: "Indexed",
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "c", image: "i:1" }], restartPolicy: "Never" },
    },
  },
};
