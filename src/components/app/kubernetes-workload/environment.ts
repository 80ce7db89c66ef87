// All variables of an app, in the order in which they may refer to each other.

import type { EnvVar, PlannedApp } from "../../../model/index.ts";
import { shortNames, variablePrefix } from "../../bindings/index.ts";
import { exposedVariables } from "./exposures.ts";
import { appSecretName } from "./surface.ts";
import { tlsVariables } from "./upstream-tls.ts";

/** Bindings first, then the short names that repeat them, then secrets; the app's own settings win at the end. */
export function appVariables(app: PlannedApp): EnvVar[] {
  const derived = [
    ...app.bindings.flatMap(({ binding }) => binding.env),
    ...shortNames(app.bindings),
    ...secretVariables(app),
    ...exposedVariables(app),
    ...tlsVariables(app),
  ];
  const own = new Set(app.env.map(({ name }) => name));
  return [...derived.filter(({ name }) => !own.has(name)), ...app.env];
}

function secretVariables(app: PlannedApp): EnvVar[] {
  return app.secrets
    .filter(({ mount }) => mount === "env")
    .flatMap(({ name, keys }) =>
      keys.map((key) => ({
        name: variablePrefix(key),
        secret: appSecretName(app.name, name),
        key,
      })),
    );
}
