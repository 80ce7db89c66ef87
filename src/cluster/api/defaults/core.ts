// Defaults of the core group. Source: kubernetes v1.36.2 pkg/apis/core/v1/defaults.go.

import { isRecord } from "../../../core/index.ts";
import type { DefaultRules } from "./default-rules.ts";
import { withPodResources } from "./pod-resources.ts";

type Scope = Readonly<Record<string, unknown>>;

const REFERENCE = /^[A-Za-z0-9][\w.\-/:@+]*$/;

/** `Always` for no tag or `latest`, as the reference of an image is read; what cannot be read has no tag at all. */
function pullPolicyOf({ image }: Scope): string {
  const reference = typeof image === "string" ? image : "";
  if (!REFERENCE.test(reference)) return "IfNotPresent";
  const last = reference.slice(reference.lastIndexOf("/") + 1);
  if (last.includes("@")) return "IfNotPresent";
  const colon = last.indexOf(":");
  const tag = colon < 0 ? "latest" : last.slice(colon + 1);
  return tag === "latest" ? "Always" : "IfNotPresent";
}

const HTTP_GET: DefaultRules = { fill: { path: "/", scheme: "HTTP" } };
const PROBE: DefaultRules = {
  fill: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  within: { httpGet: HTTP_GET, grpc: { set: { service: "" } } },
};
const HANDLER: DefaultRules = { within: { httpGet: HTTP_GET } };
const FIELD_REF: DefaultRules = { within: { fieldRef: { fill: { apiVersion: "v1" } } } };

const CONTAINER: DefaultRules = {
  set: {
    resources: {},
  },
  fill: {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: pullPolicyOf,
  },
  within: {
    livenessProbe: PROBE,
    readinessProbe: PROBE,
    startupProbe: PROBE,
    lifecycle: { within: { postStart: HANDLER, preStop: HANDLER } },
  },
  each: {
    ports: { fill: { protocol: "TCP" } },
    env: { within: { valueFrom: FIELD_REF } },
  },
};

const DOWNWARD_API: DefaultRules = { set: { defaultMode: 420 }, each: { items: FIELD_REF } };
const PROJECTED_SOURCE: DefaultRules = {
  within: {
    serviceAccountToken: { set: { expirationSeconds: 3600 } },
    downwardAPI: { each: { items: FIELD_REF } },
  },
};
const VOLUME_SOURCE: Readonly<Record<string, DefaultRules>> = {
  hostPath: { set: { type: "" } },
  iscsi: { fill: { iscsiInterface: "default" } },
  rbd: { fill: { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" } },
  azureDisk: { set: { cachingMode: "ReadWrite", fsType: "ext4", readOnly: false, kind: "Shared" } },
  scaleIO: { fill: { storageMode: "ThinProvisioned", fsType: "xfs" } },
};

const VOLUME: DefaultRules = {
  first: (volume) =>
    Object.keys(volume).some((key) => key !== "name") ? volume : { ...volume, emptyDir: {} },
  within: {
    secret: { set: { defaultMode: 420 } },
    configMap: { set: { defaultMode: 420 } },
    downwardAPI: DOWNWARD_API,
    projected: { set: { defaultMode: 420 }, each: { sources: PROJECTED_SOURCE } },
    ...VOLUME_SOURCE,
    image: { fill: { pullPolicy: ({ reference }) => pullPolicyOf({ image: reference }) } },
    ephemeral: {
      within: { volumeClaimTemplate: { within: { spec: { set: { volumeMode: "Filesystem" } } } } },
    },
  },
};

/** Shared by pods and by the templates of workloads. */
export const POD_SPEC: DefaultRules = {
  first: withHostPorts,
  set: { terminationGracePeriodSeconds: 30, securityContext: {} },
  fill: {
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
  },
  each: {
    containers: CONTAINER,
    initContainers: CONTAINER,
    ephemeralContainers: CONTAINER,
    volumes: VOLUME,
  },
};

/** On the host network every container port is a host port. */
function withHostPorts(spec: Scope): Scope {
  if (spec["hostNetwork"] !== true) return spec;
  const expose = (port: unknown): unknown =>
    isRecord(port) && (port["hostPort"] ?? 0) === 0
      ? { ...port, hostPort: port["containerPort"] }
      : port;
  const change = (list: unknown): unknown =>
    Array.isArray(list)
      ? list.map((container) =>
          isRecord(container) && Array.isArray(container["ports"])
            ? { ...container, ports: container["ports"].map(expose) }
            : container,
        )
      : list;
  const next: Record<string, unknown> = { ...spec };
  for (const field of ["containers", "initContainers"]) {
    if (spec[field] !== undefined) next[field] = change(spec[field]);
  }
  return next;
}

/** Limits without requests become requests; only in pods, not in templates. */
function withRequests(container: Scope): Scope {
  const resources = container["resources"];
  if (!isRecord(resources) || !isRecord(resources["limits"])) return container;
  const requests = isRecord(resources["requests"]) ? resources["requests"] : {};
  const missing = Object.entries(resources["limits"]).filter(([name]) => !(name in requests));
  if (missing.length === 0) return container;
  return {
    ...container,
    resources: { ...resources, requests: { ...requests, ...Object.fromEntries(missing) } },
  };
}

export const POD_TEMPLATE: DefaultRules = { within: { spec: POD_SPEC } };

const POD_ONLY_CONTAINER: DefaultRules = { ...CONTAINER, first: withRequests };

export const POD: DefaultRules = {
  within: {
    spec: {
      ...POD_SPEC,
      first: (spec) => withHostPorts(withPodResources(spec)),
      set: { ...POD_SPEC.set, enableServiceLinks: true },
      each: {
        ...POD_SPEC.each,
        containers: POD_ONLY_CONTAINER,
        initContainers: POD_ONLY_CONTAINER,
      },
    },
  },
};

/** Families and addresses are the allocator's business; these are the plain fields. */
export const SERVICE: DefaultRules = {
  set: { spec: {} },
  within: {
    status: {
      within: {
        loadBalancer: {
          each: { ingress: { set: { ipMode: ({ ip }) => (hasText(ip) ? "VIP" : undefined) } } },
        },
      },
    },
    spec: {
      first: plainService,
      set: {
        type: "ClusterIP",
        sessionAffinity: "None",
        sessionAffinityConfig: ({ sessionAffinity }) =>
          sessionAffinity === "ClientIP" ? {} : undefined,
        externalTrafficPolicy: (spec) => (isExternal(spec) ? "Cluster" : undefined),
        internalTrafficPolicy: ({ type }) => (type === "ExternalName" ? undefined : "Cluster"),
        allocateLoadBalancerNodePorts: ({ type }) => (type === "LoadBalancer" ? true : undefined),
      },
      within: {
        sessionAffinityConfig: {
          set: { clientIP: {} },
          within: { clientIP: { set: { timeoutSeconds: 10_800 } } },
        },
      },
      each: {
        ports: {
          first: (port) => withoutEmpty(port, ["protocol", "targetPort"]),
          set: { protocol: "TCP", targetPort: ({ port }) => port },
        },
      },
    },
  },
};

/** What only one affinity needs is dropped for the other. */
function plainService(spec: Scope): Scope {
  const plain = withoutEmpty(spec, ["type", "sessionAffinity", "externalTrafficPolicy"]);
  const { sessionAffinityConfig, ...others } = plain;
  const isUnused = (plain["sessionAffinity"] ?? "None") === "None";
  return isUnused && sessionAffinityConfig !== undefined ? others : plain;
}

function hasText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isExternal({ type, externalIPs }: Scope): boolean {
  if (type === "NodePort" || type === "LoadBalancer") return true;
  return type === "ClusterIP" && Array.isArray(externalIPs) && externalIPs.length > 0;
}

/** Where the Go type has no pointer, an empty value is one that is not set. */
function withoutEmpty(record: Scope, fields: readonly string[]): Scope {
  const isUnset = (field: string): boolean => record[field] === "" || record[field] === 0;
  if (!fields.some(isUnset)) return record;
  const entries = Object.entries(record);
  return Object.fromEntries(
    entries.filter(([field]) => !fields.includes(field) || !isUnset(field)),
  );
}

export const PERSISTENT_VOLUME_CLAIM: DefaultRules = {
  set: { status: { phase: "Pending" } },
  within: {
    spec: {
      set: { volumeMode: "Filesystem" },
    },
    status: { set: { phase: "Pending" } },
  },
};

export const PERSISTENT_VOLUME: DefaultRules = {
  set: { status: { phase: "Pending" } },
  within: {
    spec: {
      set: { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" },
      within: VOLUME_SOURCE,
    },
    status: { set: { phase: "Pending" } },
  },
};

export const SECRET: DefaultRules = { set: { type: "Opaque" } };

const NAME_LABEL = "kubernetes.io/metadata.name";

export const NAMESPACE: DefaultRules = {
  set: { status: { phase: "Active" } },
  within: {
    metadata: {
      first: (meta) => {
        const labels = isRecord(meta["labels"]) ? meta["labels"] : {};
        const name = meta["name"];
        if (typeof name !== "string" || labels[NAME_LABEL] === name) return meta;
        return { ...meta, labels: { ...labels, [NAME_LABEL]: name } };
      },
    },
    status: { set: { phase: "Active" } },
  },
};

export const ENDPOINTS: DefaultRules = {
  each: { subsets: { each: { ports: { set: { protocol: "TCP" } } } } },
};

/** Labels of the template become the selector, and its own, where there are none. */
export const REPLICATION_CONTROLLER: DefaultRules = {
  first: (controller) => {
    const labels = templateLabels(controller["spec"]);
    const { metadata } = controller;
    if (labels === undefined || !isRecord(metadata) || !isEmpty(metadata["labels"])) {
      return controller;
    }
    return { ...controller, metadata: { ...metadata, labels } };
  },
  within: {
    spec: {
      first: (spec) => {
        const labels = templateLabels(spec);
        return labels === undefined || !isEmpty(spec["selector"])
          ? spec
          : { ...spec, selector: labels };
      },
      set: { replicas: 1 },
      within: { template: POD_TEMPLATE },
    },
  },
};

function templateLabels(spec: unknown): unknown {
  const template = isRecord(spec) ? spec["template"] : undefined;
  const metadata = isRecord(template) ? template["metadata"] : undefined;
  return isRecord(metadata) ? metadata["labels"] : undefined;
}

function isEmpty(map: unknown): boolean {
  return !isRecord(map) || Object.keys(map).length === 0;
}

export const POD_TEMPLATE_KIND: DefaultRules = { within: { template: POD_TEMPLATE } };

/** A default limit also is the default request; maximums fill default limits. */
export const LIMIT_RANGE: DefaultRules = {
  within: {
    spec: {
      each: {
        limits: {
          first: (item) => {
            if (item["type"] !== "Container") return item;
            const limits = { ...(item["max"] as Scope), ...(item["default"] as Scope) };
            const requests = {
              ...(item["min"] as Scope),
              ...limits,
              ...(item["defaultRequest"] as Scope),
            };
            if (Object.keys(requests).length === 0) return item;
            const known = Object.keys(limits).length === 0 ? {} : { default: limits };
            return { ...item, ...known, defaultRequest: requests };
          },
        },
      },
    },
  },
};

export const NODE: DefaultRules = {
  within: { status: { set: { allocatable: ({ capacity }) => capacity } } },
};
