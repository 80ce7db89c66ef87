// Which container of a pod a request means. Mirrors kubernetes pkg/registry/core/pod/strategy.go (LogLocation, streamLocation).

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { badRequest } from "../api/refusals.ts";
import { recordAt, recordsAt, textAt } from "../api/validation/fields.ts";

export function containerOf(pod: KubernetesObject, asked: string | undefined): string {
  const spec = recordAt(pod, "spec");
  const names = (field: string): readonly string[] =>
    recordsAt(spec, field).map((container) => textAt(container, "name"));
  const main = names("containers");
  const all = [...main, ...names("initContainers"), ...names("ephemeralContainers")];
  const { name } = pod.metadata;
  if (asked !== undefined) {
    if (all.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only, ...others] = main;
  if (only !== undefined && others.length === 0) return only;
  const init = names("initContainers");
  const also = init.length === 0 ? "" : ` or one of the init containers: [${init.join(" ")}]`;
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${main.join(" ")}]${also}`,
  );
}

const STATUSES = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];

export function isRunning(pod: KubernetesObject, container: string): boolean {
  const status = recordAt(pod, "status");
  return STATUSES.flatMap((field) => recordsAt(status, field)).some(
    (one) => textAt(one, "name") === container && "running" in recordAt(one, "state"),
  );
}
