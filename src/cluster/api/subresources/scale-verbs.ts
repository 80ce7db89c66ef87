// GET, PUT and PATCH of the scale subresource.

import type { KubernetesObject, Patch } from "../../../kubernetes/index.ts";
import { badRequest } from "../refusals.ts";
import { isRecord } from "../../../core/index.ts";
import type { ApiContext } from "../api-context.ts";
import { trackUpdate } from "../managed-fields/track.ts";
import type { Resource } from "../resource.ts";
import { trackOptions } from "../verbs/create.ts";
import { get } from "../verbs/get.ts";
import { applyPatch } from "../verbs/patch.ts";
import type { ObjectTarget, UpdateRequest, WriteResult, WriteSettings } from "../verbs/requests.ts";
import { updateWith } from "../verbs/update.ts";
import type { AdmittedBody } from "../verbs/update.ts";
import { conflict, MODIFIED } from "../refusals.ts";
import { scaleOf, withScale } from "./scale.ts";

const SCALE = { group: "autoscaling", version: "v1", kind: "Scale" };

export function getScale(api: ApiContext, target: Omit<ObjectTarget, "caller">): KubernetesObject {
  return scaleOf(target.resource, get(api, target));
}

export async function updateScale(
  api: ApiContext,
  request: UpdateRequest,
): Promise<WriteResult<KubernetesObject>> {
  const scale = readScale(request.body);
  return changeScale(api, request, () => scale);
}

export async function patchScale(
  api: ApiContext,
  request: ObjectTarget & WriteSettings & { readonly patch: Patch },
): Promise<WriteResult<KubernetesObject>> {
  return changeScale(api, request, (current) =>
    readScale(applyPatch(scaleResource(api, request.resource), current, request.patch)),
  );
}

async function changeScale(
  api: ApiContext,
  request: ObjectTarget & WriteSettings,
  change: (current: KubernetesObject) => KubernetesObject,
): Promise<WriteResult<KubernetesObject>> {
  const { resource } = request;
  const admitted: AdmittedBody = {
    kind: SCALE,
    of: (object) => scaleOf(resource, object),
    into: (object, scale) => withScale(resource, object, scale),
  };
  const written = await updateWith(api, { ...request, admitted }, (current) => {
    const scale = change(scaleOf(resource, current));
    checkVersion(resource, scale, current);
    const next = withScale(resource, current, scale);
    return trackUpdate(resource, current, next, trackOptions(api, request));
  });
  return { ...written, object: scaleOf(resource, written.object) };
}

function checkVersion(
  resource: Resource,
  scale: KubernetesObject,
  current: KubernetesObject,
): void {
  const version = scale.metadata.resourceVersion ?? "";
  if (version === "" || version === current.metadata.resourceVersion) return;
  throw conflict(resource.facts, current.metadata.name, MODIFIED);
}

/** Strategic patches of a Scale follow the schema of Scale, whatever it scales. */
/** What a Scale is printed and patched as. */
export function scaleResource(api: ApiContext, resource: Resource): Resource {
  const facts = api.registry.bodyKind("autoscaling/v1", "Scale");
  return facts === undefined ? resource : { ...resource, facts };
}

function readScale(body: unknown): KubernetesObject {
  if (!isRecord(body) || (body["kind"] !== undefined && body["kind"] !== "Scale")) {
    throw badRequest("the body of a scale request must be a Scale");
  }
  const metadata = isRecord(body["metadata"]) ? body["metadata"] : {};
  // The identity fields are filled in here; the rest is read field by field.
  return {
    ...body,
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata,
  } as unknown as KubernetesObject;
}
