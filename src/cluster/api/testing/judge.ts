// Asks a bare API what it has against an object, for tables of cases.

import { isRecord } from "../../../core/index.ts";
import { StatusError } from "../../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture, refTo } from "./api-fixture.ts";

/** Every method answers with `field: message` of each cause, in their order; nothing is left in the API. */
export interface Judge {
  create(object: KubernetesObject): Promise<readonly string[]>;
  update(before: KubernetesObject, after: KubernetesObject): Promise<readonly string[]>;
  /** `after` holds the new status. */
  status(before: KubernetesObject, after: object): Promise<readonly string[]>;
}

export function createJudge(): Judge {
  const { api } = apiFixture();
  return {
    create: (object) => refusal(api.create(object, { dryRun: true })),
    update: (before, after) =>
      during(api, before, ({ metadata }) =>
        api.update(withVersion(after, metadata.resourceVersion), { dryRun: true }),
      ),
    status: (before, after) =>
      during(api, before, (stored) =>
        api.update({ ...stored, ...after }, { dryRun: true, subresource: "status" }),
      ),
  };
}

/** Records are joined field by field; everything else of `change` takes the place of what was there. */
export function merged(base: KubernetesObject, change: object): KubernetesObject {
  // The base has every part of the object's identity.
  return joined(base, change) as KubernetesObject;
}

function joined(base: unknown, change: unknown): unknown {
  if (!isRecord(base) || !isRecord(change)) return change;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) result[key] = joined(base[key], value);
  return result;
}

async function during(
  api: KubeApi,
  before: KubernetesObject,
  attempt: (stored: KubernetesObject) => Promise<unknown>,
): Promise<readonly string[]> {
  const stored = await api.create(before);
  const causes = await refusal(attempt(stored));
  await api.delete(refTo(stored));
  return causes;
}

function withVersion(object: KubernetesObject, resourceVersion?: string): KubernetesObject {
  return merged(object, { metadata: { resourceVersion } });
}

async function refusal(attempt: Promise<unknown>): Promise<readonly string[]> {
  try {
    await attempt;
    return [];
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { details, message = "" } = error.status;
    return details?.causes?.map((cause) => `${cause.field}: ${cause.message}`) ?? [message];
  }
}
