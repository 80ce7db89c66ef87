// Server-side apply: PATCH with the whole intent of one manager. Creates what is absent.

import { isNotFound } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import { decodeObject } from "../decoding/decode-object.ts";
import { applyMergePatch } from "../../../kubernetes/index.ts";
import { create } from "./create.ts";
import type { UpdateRequest, WriteResult } from "./requests.ts";
import { updateWith } from "./update.ts";

export interface ApplyRequest extends UpdateRequest {
  readonly force: boolean;
}

export async function apply(
  api: ApiContext,
  request: ApplyRequest,
): Promise<WriteResult<KubernetesObject>> {
  const { resource, caller } = request;
  try {
    return await updateWith(api, request, (current) =>
      decodeObject(resource, applyMergePatch(current, request.body), { ...request, caller }),
    );
  } catch (error) {
    if (!isNotFound(error) || request.subresource !== "") throw error;
    return { outcome: "created", object: await create(api, request) };
  }
}
