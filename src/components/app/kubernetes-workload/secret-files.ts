// Secrets asked for as files: `/etc/secrets/<name>/<key>`, readable by the app's user only through its group.

import type { AppSecret, PlannedApp, PlannedCluster } from "../../../model/index.ts";
import { isInjected } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { appSecretName } from "./surface.ts";

export function secretVolumes(cluster: Slots, app: PlannedApp): Fields[] {
  return asFiles(cluster, app).map(({ name, keys }) => ({
    name: `secret-${name}`,
    secret: {
      secretName: appSecretName(app.name, name),
      items: keys.map((key) => ({ key, path: key })),
    },
  }));
}

export function secretMounts(cluster: Slots, app: PlannedApp): Fields[] {
  return asFiles(cluster, app).map(({ name }) => ({
    name: `secret-${name}`,
    mountPath: `/etc/secrets/${name}`,
    readOnly: true,
  }));
}

type Slots = Pick<PlannedCluster, "slots">;

/** But for those that somebody beside the app writes itself. */
function asFiles(cluster: Slots, { secrets }: PlannedApp): readonly AppSecret[] {
  return secrets.filter(({ mount, from }) => mount === "file" && !isInjected(cluster, from));
}
