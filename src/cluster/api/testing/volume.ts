// A sound PersistentVolume but for its source, which cases add.

import type { KubernetesObject } from "../../../kubernetes/index.ts";

export const VOLUME: KubernetesObject = {
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "test" },
  spec: { capacity: { storage: "10G" }, accessModes: ["ReadWriteOnce"] },
};
