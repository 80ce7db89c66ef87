// What `pods/x/proxy` and `services/x/proxy` lead to: a pod and a port of it. The name may carry a scheme and a port:
// `web`, `web:8080`, `http:web:http`. Mirrors k8s.io/apimachinery pkg/util/net (SplitSchemeNamePort) and kubernetes
// pkg/registry/core/{pod/strategy.go,service/storage/storage.go} (ResourceLocation).

import { statusError } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { badRequest, notFound } from "../../api/refusals.ts";
import { numberAt, recordAt, recordsAt, textAt } from "../../api/validation/fields.ts";
import type { ResourceRequest } from "../server-context.ts";

export interface ProxyTarget {
  readonly pod: KubernetesObject;
  readonly port: number;
}

/** Throws StatusError when there is no such pod, Service, port or endpoint. */
export function proxyTarget(request: ResourceRequest): ProxyTarget {
  const { resource } = request.path;
  const { name, port } = splitName(request.path.name, resource === "pods" ? "pod" : "service");
  return resource === "pods" ? podTarget(request, name, port) : serviceTarget(request, name, port);
}

function splitName(text: string, what: string): { readonly name: string; readonly port: string } {
  const parts = text.split(":");
  const [first = "", second = "", third = ""] = parts;
  if (parts.length === 1) return { name: first, port: "" };
  if (parts.length === 2 && first !== "") return { name: first, port: second };
  // Processes on this machine speak plain HTTP to the server.
  if (parts.length === 3 && second !== "" && (first === "" || first === "http"))
    return { name: second, port: third };
  throw badRequest(`invalid ${what} request ${JSON.stringify(text)}`);
}

function podTarget(request: ResourceRequest, name: string, asked: string): ProxyTarget {
  const { resource, path, server } = request;
  const { namespace = "" } = path;
  const pod = server.api.live.get({ apiVersion: "v1", kind: "Pod", namespace, name });
  if (pod === undefined) throw notFound(resource.facts, name);
  const containers = recordsAt(recordAt(pod, "spec"), "containers");
  const declared = containers.flatMap((container) => recordsAt(container, "ports"));
  const port = asked === "" ? numberAt(declared[0] ?? {}, "containerPort") : Number(asked);
  // Without a declared port HTTP's own is meant.
  return { pod, port: checkPort(port ?? 80, asked) };
}

function serviceTarget(request: ResourceRequest, name: string, asked: string): ProxyTarget {
  const { path, server, resource } = request;
  const { namespace = "" } = path;
  const { live, nodeAgent } = server.api;
  const service = live.get({ apiVersion: "v1", kind: "Service", namespace, name });
  if (service === undefined) throw notFound(resource.facts, name);
  const portName = servicePort(service, asked);
  const targets = live
    .list({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }, namespace)
    .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name)
    .flatMap((slice) => readyTargets(request, slice, portName));
  const target = targets.find(({ pod }) => nodeAgent.runs?.(pod) === true) ?? targets[0];
  if (target !== undefined) return target;
  const message = `no endpoints available for service ${JSON.stringify(path.name)}`;
  throw statusError("ServiceUnavailable", message, {});
}

function servicePort(service: KubernetesObject, asked: string): string {
  const ports = recordsAt(recordAt(service, "spec"), "ports");
  const found =
    asked === "" && ports.length === 1
      ? ports[0]
      : ports.find((one) => textAt(one, "name") === asked || String(one["port"]) === asked);
  if (found !== undefined) return textAt(found, "name");
  const { name } = service.metadata;
  throw statusError(
    "ServiceUnavailable",
    `no service port ${JSON.stringify(asked)} found for service ${JSON.stringify(name)}`,
    {},
  );
}

function readyTargets(
  { server }: ResourceRequest,
  slice: KubernetesObject,
  portName: string,
): readonly ProxyTarget[] {
  const port = recordsAt(slice, "ports").find((one) => textAt(one, "name") === portName);
  const number = numberAt(port ?? {}, "port");
  if (number === undefined) return [];
  return recordsAt(slice, "endpoints")
    .filter((one) => recordAt(one, "conditions")["ready"] !== false)
    .flatMap((endpoint) => {
      const name = textAt(recordAt(endpoint, "targetRef"), "name");
      const namespace = slice.metadata.namespace ?? "";
      const pod = server.api.live.get({ apiVersion: "v1", kind: "Pod", namespace, name });
      return pod === undefined ? [] : [{ pod, port: number }];
    });
}

function checkPort(port: number, asked: string): number {
  if (Number.isInteger(port) && port > 0 && port <= 0xffff) return port;
  throw badRequest(`invalid port ${JSON.stringify(asked)}`);
}
