// The volume of a server's StatefulSet, which outlives it: deleting a database is a decision of its own.

import type { Fields } from "../manifests/index.ts";

export function dataVolume(storage: string, storageClass: string | undefined): Fields {
  return {
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
          resources: { requests: { storage } },
        },
      },
    ],
  };
}
