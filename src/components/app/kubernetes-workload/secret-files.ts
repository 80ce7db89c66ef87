// Secrets asked for as files: `/etc/secrets/<name>/<key>`, readable by the app's user only through its group.

import type { AppSecret, PlannedApp } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { appSecretName } from "./surface.ts";

export function secretVolumes(app: PlannedApp): Fields[] {
  return asFiles(app).map(({ name, keys }) => ({
    name: `secret-${name}`,
    secret: {
      secretName: appSecretName(app.name, name),
      items: keys.map((key) => ({ key, path: key })),
    },
  }));
}

export function secretMounts(app: PlannedApp): Fields[] {
  return asFiles(app).map(({ name }) => ({
    name: `secret-${name}`,
    mountPath: `/etc/secrets/${name}`,
    readOnly: true,
  }));
}

function asFiles({ secrets }: PlannedApp): readonly AppSecret[] {
  return secrets.filter(({ mount }) => mount === "file");
}
