// The operation CONNECT, as admission is asked about streams into pods and proxies.
// Mirrors k8s.io/apiserver pkg/endpoints/handlers/rest.go (ConnectResource).

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { admissionAttributes } from "../../api/admission-attributes.ts";
import { targetOf } from "../resource-target.ts";
import type { ResourceRequest } from "../server-context.ts";

/** Rejects with StatusError where a plug-in, a policy or a webhook refuses CONNECT. */
export async function admitConnection(
  request: ResourceRequest,
  kind: string,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { server, path } = request;
  const { api } = server;
  const given = { kind, apiVersion: "v1", ...options } as unknown as KubernetesObject;
  const write = { ...targetOf(request), subresource: path.subresource, dryRun: false };
  const admission = admissionAttributes(api, write, {
    operation: "CONNECT",
    name: path.name,
    kind: { group: "", version: "v1", kind },
    options: {},
  });
  const object = (await api.admission.mutate(admission, given)) ?? given;
  await api.admission.validate(admission, object);
}
