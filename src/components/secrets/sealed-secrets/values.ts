// Values of the sealed-secrets chart. Keys as in helm/sealed-secrets/values.yaml 2.18.5.

import type { Versions } from "../../../model/index.ts";
import { parseImageReference } from "../../../model/index.ts";
import { invariant, parseDuration } from "../../../core/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { SealedSecretsOptions } from "./options.ts";
import { CONTROLLER, RESOURCES } from "./surface.ts";

const HOUR_MS = 3_600_000;

export function sealedSecretsValues(
  versions: Versions,
  { keyRenewPeriod }: SealedSecretsOptions,
): Fields {
  return {
    // The name kubeseal looks for by itself.
    fullnameOverride: CONTROLLER,
    // Stated, because the chart's own default tag is one whose publication upstream calls incomplete.
    image: imageValues(versions.image("sealed-secrets-controller")),
    keyrenewperiod: goDuration(keyRenewPeriod),
    resources: RESOURCES,
  };
}

function imageValues(image: string): Fields {
  const reference = parseImageReference(image);
  invariant(reference, `the catalogue's image ${image} is a reference`);
  const [registry, ...path] = reference.repository.split("/");
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return { registry, repository: path.join("/"), tag: `${reference.tag ?? "latest"}${digest}` };
}

/** Go knows no days: `30d` is written `720h`. */
function goDuration(text: string): string {
  const durationMs = parseDuration(text) ?? 0;
  return `${Math.max(1, Math.round(durationMs / HOUR_MS))}h`;
}
