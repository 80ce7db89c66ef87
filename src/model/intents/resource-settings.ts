// How a container's resources are read. A default never contradicts what was written: it gives way to it.

import type { Diagnostic, Path } from "../../core/index.ts";
import { compareQuantities, parseQuantity } from "../../core/index.ts";
import { contradiction } from "../diagnostics.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { refine, transform } from "../schema/refine.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import type { ResourceAmounts, Resources } from "./app.ts";

export interface Amounts {
  readonly cpu: string;
  readonly memory: string;
}

export interface ResourceSettings {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** Small enough for a laptop, large enough for most services to start. */
const DEFAULTS: ResourceSettings = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

type WrittenAmounts = Readonly<ResourceAmounts>;
interface Written {
  readonly requests: WrittenAmounts;
  readonly limits: WrittenAmounts;
}

const amounts = (): Schema<ResourceAmounts> =>
  object<ResourceAmounts>({
    cpu: optional(string("quantity")),
    memory: optional(string("quantity")),
  });

const written = refine(
  object<Resources, Written>({
    requests: optional(amounts(), {}),
    limits: optional(amounts(), {}),
  }),
  checkLimits,
);

export const resourcesSchema: Schema<Resources, ResourceSettings> = transform(
  written,
  ({ requests, limits }) => {
    const cpu = settle("cpu", requests, limits);
    const memory = settle("memory", requests, limits);
    return {
      requests: { cpu: cpu.request, memory: memory.request },
      limits: { cpu: cpu.limit, memory: memory.limit },
    };
  },
);

function settle(
  key: keyof Amounts,
  requests: WrittenAmounts,
  limits: WrittenAmounts,
): { readonly request: string; readonly limit: string } {
  const request = requests[key] ?? smaller(DEFAULTS.requests[key], limits[key]);
  return { request, limit: limits[key] ?? larger(DEFAULTS.limits[key], request) };
}

function smaller(amount: string, other: string | undefined): string {
  return other !== undefined && compare(other, amount) < 0 ? other : amount;
}

function larger(amount: string, other: string): string {
  return compare(other, amount) > 0 ? other : amount;
}

function checkLimits({ requests, limits }: Written, path: Path): Diagnostic[] {
  return (["cpu", "memory"] as const).flatMap((key) => {
    const [request, limit] = [requests[key], limits[key]];
    if (request === undefined || limit === undefined || compare(request, limit) <= 0) return [];
    return [
      contradiction([...path, "limits", key], {
        message: `the limit ${limit} is below the request ${request}`,
        hint: `raise the limit to at least ${request}`,
      }),
    ];
  });
}

/** Both were read as quantities. */
function compare(a: string, b: string): number {
  const [first, second] = [parseQuantity(a), parseQuantity(b)];
  return first === undefined || second === undefined ? 0 : compareQuantities(first, second);
}
