// istiod's injector. Mirrors istio/istio 1.30.3: the selectors of istio-discovery/templates/mutatingwebhook.yaml,
// pkg/kube/inject/{inject,webhook}.go and files/injection-template.yaml. Arguments, variables and probes of the proxy are left
// out: no Envoy runs.

import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
  Pod,
} from "../../../../kubernetes/index.ts";
import type { Fields } from "../../../manifests/index.ts";
import { hasContainer, injectorAway, isNewPod, withSidecar } from "../../sidecar.ts";
import { injectorConfigurations, type InjectorConfiguration } from "../injector-configuration.ts";
import { ISTIOD } from "../surface.ts";
import { ROOT_CONFIG_MAP } from "./root-certificates.ts";

export const PROXY = "istio-proxy";
export const VALIDATOR = "istio-validation";
const INJECT = "sidecar.istio.io/inject";
const REVISION = "istio.io/rev";
const STATUS = "sidecar.istio.io/status";
const USER = 1337;
/** pkg/kube/inject/initializer.go IgnoredNamespaces. */
const IGNORED = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];
const YES = ["y", "yes", "true", "on"];

export const sidecarInjector: AdmissionPlugin = {
  name: "sidecar-injector.istio.io",
  handles: isNewPod,
  mutate(request) {
    const configuration = injectorConfigurations(request.live).find(({ revision }) =>
      asks(request, revision),
    );
    return configuration && injected(request.object as Pod, configuration);
  },
};

export const sidecarInjectorAway: AdmissionPlugin = injectorAway(
  sidecarInjector.name,
  { ...ISTIOD, path: "/inject" },
  (request) => {
    const revision = namespaceLabels(request)[REVISION] ?? "default";
    return asks(request, revision);
  },
);

function asks(request: AdmissionRequest, revision: string): boolean {
  if (request.object === undefined) return false;
  const pod = request.object as Pod;
  const called = isCalled(revision, namespaceLabels(request), pod.metadata.labels ?? {});
  return called && isRequired(pod, request.namespace);
}

function namespaceLabels({ live, namespace }: AdmissionRequest): Texts {
  const found = live.get({ apiVersion: "v1", kind: "Namespace", name: namespace });
  return found?.metadata.labels ?? {};
}

type Texts = Readonly<Record<string, string>>;

/** Whether one of the webhooks of a revision sees a pod. */
function isCalled(revision: string, namespace: Texts, pod: Texts): boolean {
  const asked = pod[INJECT];
  const legacy = namespace["istio-injection"];
  const isDefault = revision === "default";
  if (legacy !== undefined) return isDefault && legacy === "enabled" && asked !== "false";
  if (namespace[REVISION] !== undefined)
    return namespace[REVISION] === revision && asked !== "false";
  if (pod[REVISION] !== undefined) return pod[REVISION] === revision && asked !== "false";
  return isDefault && asked === "true";
}

/** The label of the pod before its annotation; a pod that has the proxy already is a gateway, or was written by hand. */
function isRequired(pod: Pod, namespace: string): boolean {
  if (pod.spec.hostNetwork === true || IGNORED.includes(namespace)) return false;
  if (hasContainer(pod, PROXY)) return false;
  const { labels = {}, annotations = {} } = pod.metadata;
  const asked = labels[INJECT] ?? annotations[INJECT] ?? "";
  return asked === "" || YES.includes(asked.toLowerCase());
}

function injected(pod: Pod, configuration: InjectorConfiguration): KubernetesObject {
  const { annotations = {} } = pod.metadata;
  const { image, revision } = configuration;
  const shared = { image, resources: resourcesFor(annotations, configuration) };
  const asked = annotations["sidecar.istio.io/nativeSidecar"];
  const names = pod.spec.containers.map(({ name }) => name);
  const done = withSidecar(pod, {
    proxy: {
      name: PROXY,
      ...shared,
      ports: [{ containerPort: 15_090, protocol: "TCP", name: "http-envoy-prom" }],
      ...securityContext(),
      volumeMounts: MOUNTS.map(([name, mountPath]) => ({ name, mountPath })),
    },
    validator: { name: VALIDATOR, ...shared, ...securityContext() },
    native: asked === undefined ? configuration.native : asked !== "false",
    place: "last",
    volumes: VOLUMES,
    labels: labelsOf(pod),
    annotations: {
      [REVISION]: revision,
      "kubectl.kubernetes.io/default-container": names[0] ?? "",
      "kubectl.kubernetes.io/default-logs-container": names[0] ?? "",
      ...annotations,
    },
  });
  return withStatus(done, pod, revision);
}

/** A pod may say what its proxy gets; then nothing else counts. */
function resourcesFor(annotations: Texts, { resources }: InjectorConfiguration): Fields {
  const figure = (key: string, name: string): Fields => {
    const value = annotations[`sidecar.istio.io/${key}`];
    return value === undefined ? {} : { [name]: value };
  };
  const requests = { ...figure("proxyCPU", "cpu"), ...figure("proxyMemory", "memory") };
  const limits = { ...figure("proxyCPULimit", "cpu"), ...figure("proxyMemoryLimit", "memory") };
  const own = {
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
  return Object.keys(own).length === 0 ? resources : own;
}

function securityContext(): Fields {
  return {
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: USER,
      runAsNonRoot: true,
      runAsUser: USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** Nothing that a pod says itself is changed. */
function labelsOf({ metadata }: Pod): Texts {
  const { labels = {}, generateName = "" } = metadata;
  const name = labels["app.kubernetes.io/name"] ?? labels["app"] ?? ownerOf(generateName);
  const version = labels["app.kubernetes.io/version"] ?? labels["version"] ?? "latest";
  const ours = {
    "security.istio.io/tlsMode": "istio",
    "service.istio.io/canonical-name": (name === "" ? metadata.name : name).slice(0, 63),
    "service.istio.io/canonical-revision": version.slice(0, 63),
  };
  return { ...ours, ...labels };
}

/** `pricing-5d8f9c7b6-` is a ReplicaSet's. */
const ownerOf = (generateName: string): string => generateName.replace(/(-[a-z0-9]+)?-$/, "");

function withStatus(done: Pod, before: Pod, revision: string): KubernetesObject {
  const added = (key: "initContainers" | "containers" | "volumes"): string[] => {
    const had = new Set((before.spec[key] ?? []).map(({ name }) => name));
    return (done.spec[key] ?? []).map(({ name }) => name).filter((name) => !had.has(name));
  };
  const status = {
    initContainers: added("initContainers"),
    containers: added("containers"),
    volumes: added("volumes"),
    imagePullSecrets: null,
    revision,
  };
  const annotations = { ...done.metadata.annotations, [STATUS]: JSON.stringify(status) };
  return { ...done, metadata: { ...done.metadata, annotations } };
}

const MOUNTS = [
  ["workload-socket", "/var/run/secrets/workload-spiffe-uds"],
  ["credential-socket", "/var/run/secrets/credential-uds"],
  ["workload-certs", "/var/run/secrets/workload-spiffe-credentials"],
  ["istiod-ca-cert", "/var/run/secrets/istio"],
  ["istio-data", "/var/lib/istio/data"],
  ["istio-envoy", "/etc/istio/proxy"],
  ["istio-token", "/var/run/secrets/tokens"],
  ["istio-podinfo", "/etc/istio/pod"],
] as const;

const file = (path: string) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } });

const VOLUMES: NonNullable<Pod["spec"]["volumes"]> = [
  { name: "workload-socket", emptyDir: {} },
  { name: "credential-socket", emptyDir: {} },
  { name: "workload-certs", emptyDir: {} },
  { name: "istio-envoy", emptyDir: { medium: "Memory" } },
  { name: "istio-data", emptyDir: {} },
  { name: "istio-podinfo", downwardAPI: { items: [file("labels"), file("annotations")] } },
  {
    name: "istio-token",
    projected: {
      sources: [
        {
          serviceAccountToken: {
            path: "istio-token",
            expirationSeconds: 43_200,
            audience: "istio-ca",
          },
        },
      ],
    },
  },
  { name: "istiod-ca-cert", configMap: { name: ROOT_CONFIG_MAP } },
];
