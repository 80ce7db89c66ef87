// Linkerd's proxy injector. Mirrors linkerd/linkerd2 edge-26.8.3: the selectors of charts/linkerd-control-plane, and
// pkg/inject/{report,inject}.go with charts/partials/templates/{_proxy,_network-validator}.tpl. Variables and probes of the
// proxy are left out: none runs.

import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
  Pod,
} from "../../../../kubernetes/index.ts";
import type { Fields } from "../../../manifests/index.ts";
import { hasContainer, injectorAway, isNewPod, withSidecar } from "../../sidecar.ts";
import { injectorConfiguration, type InjectorConfiguration } from "../injector-configuration.ts";
import { INJECTOR, NAMESPACE, TUNNEL_PORT } from "../surface.ts";

export const PROXY = "linkerd-proxy";
export const VALIDATOR = "linkerd-network-validator";
const INJECT = "linkerd.io/inject";
const CONFIG = "config.linkerd.io";
const ADMIN_PORT = 4191;
const PROXY_USER = 2102;
const VALIDATOR_USER = 65_534;
const EXCLUDED = ["kube-system", "cert-manager"];
const OWN_LABELS = ["linkerd.io/control-plane-component", "linkerd.io/cni-resource"];

export const proxyInjector: AdmissionPlugin = {
  name: "linkerd-proxy-injector.linkerd.io",
  handles: isNewPod,
  mutate(request) {
    const found = asked(request);
    const configuration = found && injectorConfiguration(request.live);
    return configuration && injected(request.object as Pod, found, configuration);
  },
};

export const proxyInjectorAway: AdmissionPlugin = injectorAway(
  proxyInjector.name,
  { name: INJECTOR, namespace: NAMESPACE, path: "/" },
  (request) => asked(request) !== undefined,
);

/** The pod's namespace, where a proxy is asked for. */
function asked({ object, namespace, live }: AdmissionRequest): KubernetesObject | undefined {
  if (object === undefined) return undefined;
  const pod = object as Pod;
  const found = live.get({ apiVersion: "v1", kind: "Namespace", name: namespace });
  const isAsked = found !== undefined && isCalled(found, pod) && isInjectable(found, pod);
  return isAsked ? found : undefined;
}

/** Whether the webhook sees a pod. */
function isCalled({ metadata }: KubernetesObject, pod: Pod): boolean {
  const isOut =
    metadata.labels?.[`${CONFIG}/admission-webhooks`] === "disabled" ||
    EXCLUDED.includes(metadata.name);
  return !isOut && !OWN_LABELS.some((label) => pod.metadata.labels?.[label] !== undefined);
}

/** An annotation of the pod before its namespace's; a value nobody knows is as good as `disabled`. */
function isInjectable(namespace: KubernetesObject, pod: Pod): boolean {
  if (pod.spec.hostNetwork === true) return false;
  if ([PROXY, "istio-proxy", "linkerd-init", "istio-init"].some((name) => hasContainer(pod, name)))
    return false;
  const asks = (value: string | undefined): boolean => value === "enabled" || value === "ingress";
  const ofPod = pod.metadata.annotations?.[INJECT];
  const ofNamespace = namespace.metadata.annotations?.[INJECT];
  const isKnown = (value: string | undefined): boolean =>
    value === undefined || value === "" || value === "disabled" || asks(value);
  if (!isKnown(ofPod) || !isKnown(ofNamespace)) return false;
  return asks(ofNamespace) ? ofPod !== "disabled" : asks(ofPod);
}

function injected(
  pod: Pod,
  namespace: KubernetesObject,
  configuration: InjectorConfiguration,
): KubernetesObject {
  const config = { ...configOf(namespace), ...configOf(pod) };
  const { image, version } = configuration;
  const shared = { image, resources: resourcesFor(config, configuration) };
  const native = config[`${CONFIG}/proxy-enable-native-sidecar`];
  return withSidecar(pod, {
    proxy: {
      name: PROXY,
      ...shared,
      ports: [
        { name: "linkerd-proxy", containerPort: TUNNEL_PORT, protocol: "TCP" },
        { name: "linkerd-admin", containerPort: ADMIN_PORT, protocol: "TCP" },
      ],
      ...securityContext(PROXY_USER),
      volumeMounts: [
        {
          name: "linkerd-identity-end-entity",
          mountPath: "/var/run/linkerd/identity/end-entity",
        },
        { name: "linkerd-identity-token", mountPath: "/var/run/secrets/tokens" },
      ],
    },
    validator: { name: VALIDATOR, ...shared, ...securityContext(VALIDATOR_USER) },
    native: native === undefined ? configuration.native : native === "true",
    place: "first",
    volumes: VOLUMES,
    labels: {
      "linkerd.io/control-plane-ns": NAMESPACE,
      "linkerd.io/workload-ns": namespace.metadata.name,
    },
    annotations: {
      ...config,
      "linkerd.io/created-by": `linkerd/proxy-injector ${version}`,
      "linkerd.io/proxy-version": version,
      [INJECT]: pod.metadata.annotations?.[INJECT] ?? "enabled",
    },
  });
}

type Texts = Readonly<Record<string, string>>;

/** Annotations of a namespace count for its pods. */
function configOf({ metadata }: KubernetesObject): Texts {
  return Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith(`${CONFIG}/`)),
  );
}

function resourcesFor(config: Texts, { cpu, memory }: InjectorConfiguration): Fields {
  const figure = (name: string, key: string, given: unknown): Fields => {
    const value = config[`${CONFIG}/${key}`] ?? given;
    return value === undefined || value === "" ? {} : { [name]: value };
  };
  return {
    requests: {
      ...figure("cpu", "proxy-cpu-request", cpu["request"]),
      ...figure("memory", "proxy-memory-request", memory["request"]),
    },
    limits: {
      ...figure("cpu", "proxy-cpu-limit", cpu["limit"]),
      ...figure("memory", "proxy-memory-limit", memory["limit"]),
    },
  };
}

function securityContext(user: number): Fields {
  return {
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

const VOLUMES: NonNullable<Pod["spec"]["volumes"]> = [
  { name: "linkerd-identity-end-entity", emptyDir: { medium: "Memory" } },
  {
    name: "linkerd-identity-token",
    projected: {
      sources: [
        {
          serviceAccountToken: {
            path: "linkerd-identity-token",
            expirationSeconds: 86_400,
            audience: "identity.l5d.io",
          },
        },
      ],
    },
  },
];
