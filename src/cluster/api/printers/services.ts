// Columns of what makes pods reachable: services, endpoints, ingresses, network policies, addresses.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { numberAt, recordAt, recordsAt, textAt } from "../validation/fields.ts";
import { joinFirst, labelsText, NONE, orNone, selectorText, textList, UNSET } from "./cell-text.ts";
import type { Scope } from "./cell-text.ts";
import { AGE, NAME, text, wide } from "./column.ts";
import type { Printer } from "./column.ts";

/** Items shown before the rest is only counted. */
const SHOWN_MAX = 3;

const specOf = (object: KubernetesObject): Scope => recordAt(object, "spec");

const SERVICES: Printer = {
  columns: [
    NAME,
    text("Type", (service) => textAt(specOf(service), "type")),
    text("Cluster-IP", clusterAddress),
    text("External-IP", externalAddress),
    text("Port(s)", portsText),
    AGE,
    wide(text("Selector", (service) => labelsText(specOf(service)["selector"]))),
  ],
};

const INGRESSES: Printer = {
  columns: [
    NAME,
    text("Class", (ingress) => orNone(textAt(specOf(ingress), "ingressClassName"))),
    text("Hosts", hostsText),
    text("Address", (ingress) => ingressPoints(ingress).join(",")),
    text("Ports", (ingress) => (recordsAt(specOf(ingress), "tls").length > 0 ? "80, 443" : "80")),
    AGE,
  ],
};

const ENDPOINT_SLICES: Printer = {
  columns: [
    NAME,
    text("AddressType", (slice) => textAt(slice, "addressType")),
    text("Ports", (slice) => orUnset(recordsAt(slice, "ports").map(slicePort))),
    text("Endpoints", (slice) =>
      orUnset(recordsAt(slice, "endpoints").flatMap(({ addresses }) => textList(addresses))),
    ),
    AGE,
  ],
};

export const SERVICE_PRINTERS: Readonly<Record<string, Printer>> = {
  "/services": SERVICES,
  "/endpoints": { columns: [NAME, text("Endpoints", endpointsText), AGE] },
  "discovery.k8s.io/endpointslices": ENDPOINT_SLICES,
  "networking.k8s.io/ingresses": INGRESSES,
  "networking.k8s.io/ingressclasses": {
    columns: [
      NAME,
      text("Controller", (object) => textAt(specOf(object), "controller")),
      text("Parameters", parametersText),
      AGE,
    ],
  },
  "networking.k8s.io/networkpolicies": {
    columns: [
      NAME,
      text("Pod-Selector", (policy) => selectorText(specOf(policy)["podSelector"])),
      AGE,
    ],
  },
  "networking.k8s.io/servicecidrs": {
    columns: [NAME, text("CIDRs", (object) => textList(specOf(object)["cidrs"]).join(",")), AGE],
  },
  "networking.k8s.io/ipaddresses": { columns: [NAME, text("ParentRef", parentText), AGE] },
};

function clusterAddress(service: KubernetesObject): string {
  const [first] = textList(specOf(service)["clusterIPs"]);
  return orNone(first ?? textAt(specOf(service), "clusterIP"));
}

function externalAddress(service: KubernetesObject): string {
  const spec = specOf(service);
  const external = textList(spec["externalIPs"]);
  switch (textAt(spec, "type")) {
    case "LoadBalancer": {
      const points = [...ingressPoints(service), ...external];
      return points.length > 0 ? points.join(",") : "<pending>";
    }
    case "ExternalName":
      return textAt(spec, "externalName");
    default:
      return orNone(external.join(","));
  }
}

function portsText(service: KubernetesObject): string {
  const ports = recordsAt(specOf(service), "ports").map((port) => {
    const nodePort = numberAt(port, "nodePort") ?? 0;
    const number = numberAt(port, "port") ?? 0;
    const shown = nodePort > 0 ? `${number}:${nodePort}` : String(number);
    return `${shown}/${textAt(port, "protocol")}`;
  });
  return orNone(ports.join(","));
}

/** Addresses or host names of a load balancer. */
function ingressPoints(object: KubernetesObject): readonly string[] {
  return recordsAt(recordAt(recordAt(object, "status"), "loadBalancer"), "ingress")
    .map((point) => textAt(point, "ip") || textAt(point, "hostname"))
    .filter((point) => point !== "");
}

function hostsText(ingress: KubernetesObject): string {
  const hosts = recordsAt(specOf(ingress), "rules")
    .map((rule) => textAt(rule, "host"))
    .filter((host) => host !== "");
  return hosts.length === 0 ? "*" : joinFirst(hosts, SHOWN_MAX);
}

function parametersText(ingressClass: KubernetesObject): string {
  const parameters = specOf(ingressClass)["parameters"];
  if (parameters === undefined) return NONE;
  const { kind, apiGroup, name } = recordAt(specOf(ingressClass), "parameters");
  return `${String(kind)}${typeof apiGroup === "string" ? `.${apiGroup}` : ""}/${String(name)}`;
}

function endpointsText(endpoints: KubernetesObject): string {
  const subsets = recordsAt(endpoints, "subsets");
  if (subsets.length === 0) return NONE;
  return joinFirst(subsets.flatMap(subsetAddresses), SHOWN_MAX);
}

function subsetAddresses(subset: Scope): readonly string[] {
  const addresses = recordsAt(subset, "addresses").map((address) => textAt(address, "ip"));
  const ports = recordsAt(subset, "ports");
  if (ports.length === 0) return addresses;
  return ports.flatMap((port) =>
    addresses.map((ip) => `${ip.includes(":") ? `[${ip}]` : ip}:${numberAt(port, "port") ?? 0}`),
  );
}

function slicePort({ port, name }: Scope): string {
  if (typeof port === "number") return String(port);
  return typeof name === "string" && name !== "" ? name : "*";
}

function orUnset(items: readonly string[]): string {
  return items.length === 0 ? UNSET : joinFirst(items, SHOWN_MAX);
}

function parentText(address: KubernetesObject): string {
  const { group, resource, namespace, name } = recordAt(specOf(address), "parentRef");
  const qualified = [resource, group].filter((part) => part !== undefined && part !== "").join(".");
  return [qualified, namespace, name].filter((part) => part !== undefined && part !== "").join("/");
}
