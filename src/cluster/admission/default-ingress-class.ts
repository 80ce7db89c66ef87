// An Ingress that names no class, in its spec or the old way, gets the default one when it is made.
// Mirrors plugin/pkg/admission/network/defaultingressclass @v1.36.

import { isFor } from "../../kubernetes/index.ts";
import type { AdmissionPlugin } from "../../kubernetes/index.ts";
import { newestDefault } from "./newest-default.ts";

const INGRESS_CLASS = { apiVersion: "networking.k8s.io/v1", kind: "IngressClass" };
const IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";
const OLD_WAY = "kubernetes.io/ingress.class";

export const defaultIngressClass: AdmissionPlugin = {
  name: "DefaultIngressClass",
  handles: (subject) =>
    subject.operation === "CREATE" && isFor(subject, "ingresses.networking.k8s.io"),
  mutate(request) {
    const { object, live } = request;
    if (object === undefined || object.metadata.annotations?.[OLD_WAY] !== undefined) return object;
    const spec = (object["spec"] ?? {}) as { readonly ingressClassName?: string };
    if (spec.ingressClassName !== undefined) return object;
    const preset = newestDefault(live.list(INGRESS_CLASS), IS_DEFAULT);
    if (preset === undefined) return object;
    return { ...object, spec: { ...spec, ingressClassName: preset.metadata.name } };
  },
};
