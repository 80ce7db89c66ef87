// Every rule on the smallest broken cluster that trips it, beside a repaired twin that does not.

import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Check } from "../target-view.ts";
import type { Setup } from "../testing/platform.ts";
import { viewOf } from "../testing/platform.ts";
import { checkAddressRanges } from "./address-ranges.ts";
import { checkApplicationPaths } from "./application-paths.ts";
import { checkCapacity } from "./capacity.ts";
import { checkCronTimeZone } from "./cron-time-zone.ts";
import { checkHostPorts } from "./host-ports.ts";
import { checkNamespaces } from "./namespaces.ts";
import { checkPinnedImages } from "./pinned-images.ts";
import { checkPlaintextSecrets } from "./plaintext-secrets.ts";
import { checkPodReferences } from "./pod-references.ts";
import { checkPodSecurity } from "./pod-security.ts";
import { checkQuotas } from "./quotas.ts";
import { checkRights } from "./rights.ts";
import { checkRoleReferences } from "./role-references.ts";
import { checkRouteReferences } from "./route-references.ts";
import { checkScaleTargets } from "./scale-targets.ts";
import { checkSchema } from "./schema.ts";
import { checkSecretOwners } from "./secret-owners.ts";
import { checkSecretReferences } from "./secret-references.ts";
import { checkSelectors } from "./selectors.ts";
import { checkServiceTargets } from "./service-targets.ts";
import { checkSingleWriter } from "./single-writer.ts";
import { checkUnsealedSecrets } from "./unsealed-secrets.ts";
import { checkWorkloadsMatchGraph } from "./workloads-match-graph.ts";

type Fields = Record<string, unknown>;

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  fields: Fields = {},
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "shop" },
  ...fields,
});
const global = (
  apiVersion: string,
  kind: string,
  name: string,
  fields: Fields = {},
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...fields,
});

const web = (pod: Fields = {}, container: Fields = {}, spec: Fields = {}): KubernetesObject =>
  object("apps/v1", "Deployment", "web", {
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          containers: [
            {
              name: "web",
              image: "web:1",
              ports: [{ name: "http", containerPort: 8080 }],
              ...container,
            },
          ],
          ...pod,
        },
      },
      ...spec,
    },
  });
const service = (ports: readonly Fields[], app = "web"): KubernetesObject =>
  object("v1", "Service", "web", { spec: { selector: { app }, ports } });
const autoscaler = (spec: Fields): KubernetesObject =>
  object("autoscaling/v2", "HorizontalPodAutoscaler", "web", { spec });
const TARGET = { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } };
const env = (entry: Fields): KubernetesObject => web({}, { env: [entry] });
const claim = (mode: string): KubernetesObject =>
  object("v1", "PersistentVolumeClaim", "data", { spec: { accessModes: [mode] } });
const mount = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] };
const secret = (namespaces: readonly string[]): Setup["cluster"] => ({
  secrets: [
    {
      id: "apps.web.login",
      name: "login",
      type: "Opaque",
      namespaces,
      provider: "sealed",
      keys: [{ key: "password", source: "generated", length: 32 }],
      area: "apps/web",
      origin: ["apps", "web", "secrets", "login"],
    },
  ],
});
const secretEnv = (key: string): KubernetesObject =>
  env({ name: "LOGIN", valueFrom: { secretKeyRef: { name: "login", key } } });
const binding = (kind: string, role: string, subject: Fields): KubernetesObject =>
  object("rbac.authorization.k8s.io/v1", "RoleBinding", "b", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
    subjects: [subject],
  });
const role = (rule: Fields): KubernetesObject =>
  object("rbac.authorization.k8s.io/v1", "Role", "r", { rules: [rule] });
const group = { kind: "Group", name: "harbour:developers" };
const route = (parent: Fields, backend: Fields): KubernetesObject =>
  object("gateway.networking.k8s.io/v1", "HTTPRoute", "web", {
    spec: {
      parentRefs: [{ name: "public", ...parent }],
      rules: [{ backendRefs: [{ name: "web", port: 80, ...backend }] }],
    },
  });
const gateway = object("gateway.networking.k8s.io/v1", "Gateway", "public", {
  spec: { gatewayClassName: "nginx", listeners: [{ name: "http" }] },
});
const gatewayClass = global("gateway.networking.k8s.io/v1", "GatewayClass", "nginx");
const applicationSet = object("argoproj.io/v1alpha1", "ApplicationSet", "web", {
  spec: {
    generators: [
      {
        matrix: {
          generators: [{ git: { files: [{ path: "clusters/{{.name}}/applications/*.yaml" }] } }],
        },
      },
    ],
  },
});
const confined = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
const hardened = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const privileged = {
  name: "edge",
  tenancy: "platform",
  podSecurity: "privileged",
  origin: ["ingress"],
} as const;
const quota = (hard: Fields): KubernetesObject =>
  object("v1", "ResourceQuota", "quota", { spec: { hard } });
const sealed = object("bitnami.com/v1alpha1", "SealedSecret", "login", {
  spec: { encryptedData: { password: "AgBy8hCi8eYdRfG3Nq7wL0pXz5vKs2TmQj9Eh4Ua" } },
});

interface Row {
  readonly name: string;
  readonly check: Check;
  readonly broken: Setup;
  readonly codes: readonly string[];
  readonly repaired: Setup;
}

const rows: Row[] = [
  {
    name: "an unknown field",
    check: checkSchema,
    broken: { objects: [web({ serviceAcountName: "web" })] },
    codes: ["verify/invalid-object"],
    repaired: { objects: [web({ serviceAccountName: "web" })] },
  },
  {
    name: "a kind no cluster knows",
    check: checkSchema,
    broken: { objects: [object("example.com/v1", "Thing", "x")] },
    codes: ["verify/unknown-kind"],
    repaired: {},
  },
  {
    name: "a namespace nobody creates",
    check: checkNamespaces,
    broken: { objects: [{ ...service([]), metadata: { name: "web", namespace: "shpo" } }] },
    codes: ["verify/missing-namespace"],
    repaired: { objects: [service([])] },
  },
  {
    name: "a namespaced object without namespace",
    check: checkNamespaces,
    broken: { objects: [global("v1", "Service", "web")] },
    codes: ["verify/wrong-scope"],
    repaired: { objects: [global("v1", "PersistentVolume", "web")] },
  },
  {
    name: "a Service that selects nothing",
    check: checkServiceTargets,
    broken: { objects: [web(), service([{ port: 80, targetPort: "http" }], "wbe")] },
    codes: ["verify/selects-nothing"],
    repaired: { objects: [web(), service([{ port: 80, targetPort: "http" }])] },
  },
  {
    name: "a Service port that ends nowhere",
    check: checkServiceTargets,
    broken: { objects: [web(), service([{ port: 80, targetPort: "https" }, { port: 81 }])] },
    codes: ["verify/missing-target-port", "verify/missing-target-port"],
    repaired: { objects: [web(), service([{ port: 80, targetPort: 8080 }])] },
  },
  {
    name: "a missing ConfigMap",
    check: checkPodReferences,
    broken: { objects: [web({}, { envFrom: [{ configMapRef: { name: "settings" } }] })] },
    codes: ["verify/missing-reference"],
    repaired: {
      objects: [web({}, { envFrom: [{ configMapRef: { name: "settings", optional: true } }] })],
    },
  },
  {
    name: "a missing key of a ConfigMap",
    check: checkPodReferences,
    broken: {
      objects: [
        env({ name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } }),
        object("v1", "ConfigMap", "settings", { data: { b: "1" } }),
      ],
    },
    codes: ["verify/missing-key"],
    repaired: {
      objects: [
        env({ name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } }),
        object("v1", "ConfigMap", "settings", { data: { a: "1" } }),
      ],
    },
  },
  {
    name: "a missing claim and account",
    check: checkPodReferences,
    broken: { objects: [web({ ...mount, serviceAccountName: "web" })] },
    codes: ["verify/missing-reference", "verify/missing-reference"],
    repaired: {
      objects: [web({ ...mount, serviceAccountName: "default" }), claim("ReadWriteOnce")],
    },
  },
  {
    name: "a secret declared for another namespace",
    check: checkSecretReferences,
    broken: { objects: [secretEnv("password")], cluster: secret(["data"]) ?? {} },
    codes: ["verify/missing-reference"],
    repaired: { objects: [secretEnv("password")], cluster: secret(["shop"]) ?? {} },
  },
  {
    name: "a key a secret does not have",
    check: checkSecretReferences,
    broken: { objects: [secretEnv("passwd")], cluster: secret(["shop"]) ?? {} },
    codes: ["verify/missing-key"],
    repaired: { objects: [secretEnv("password")], cluster: secret(["shop"]) ?? {} },
  },
  {
    name: "an autoscaler without target (T-02)",
    check: checkScaleTargets,
    broken: { objects: [web(), autoscaler({ maxReplicas: 3 })] },
    codes: ["verify/autoscaler-without-target"],
    repaired: { objects: [web(), autoscaler({ ...TARGET, maxReplicas: 3 })] },
  },
  {
    name: "an autoscaler with bounds the wrong way round and no such target",
    check: checkScaleTargets,
    broken: { objects: [autoscaler({ ...TARGET, minReplicas: 4, maxReplicas: 3 })] },
    codes: ["verify/autoscaler-bounds", "verify/missing-reference"],
    repaired: { objects: [web(), autoscaler({ ...TARGET, minReplicas: 3, maxReplicas: 3 })] },
  },
  {
    name: "replicas fought over (T-25)",
    check: checkScaleTargets,
    broken: { objects: [web({}, {}, { replicas: 2 }), autoscaler({ ...TARGET, maxReplicas: 3 })] },
    codes: ["verify/contested-replicas"],
    repaired: { objects: [web(), autoscaler({ ...TARGET, maxReplicas: 3 })] },
  },
  {
    name: "a route without gateway and backend",
    check: checkRouteReferences,
    broken: { objects: [route({}, {})] },
    codes: ["verify/missing-reference", "verify/missing-reference"],
    repaired: {
      objects: [route({}, {}), gateway, service([{ port: 80 }])],
      standIns: [gatewayClass],
    },
  },
  {
    name: "a route to a listener and port that do not exist",
    check: checkRouteReferences,
    broken: {
      objects: [route({ sectionName: "https" }, { port: 81 }), gateway, service([{ port: 80 }])],
    },
    codes: ["verify/missing-listener", "verify/missing-service-port", "verify/missing-reference"],
    repaired: {
      objects: [route({ sectionName: "http" }, {}), gateway, service([{ port: 80 }])],
      standIns: [gatewayClass],
    },
  },
  {
    name: "an Ingress of a class nobody serves",
    check: checkRouteReferences,
    broken: {
      objects: [
        object("networking.k8s.io/v1", "Ingress", "web", { spec: { ingressClassName: "nginx" } }),
      ],
    },
    codes: ["verify/missing-reference"],
    repaired: {
      objects: [
        object("networking.k8s.io/v1", "Ingress", "web", { spec: { ingressClassName: "nginx" } }),
      ],
      standIns: [global("networking.k8s.io/v1", "IngressClass", "nginx")],
    },
  },
  {
    name: "a binding to a role that does not exist",
    check: checkRoleReferences,
    broken: {
      objects: [binding("ClusterRole", "viewer", { kind: "ServiceAccount", name: "robot" })],
    },
    codes: ["verify/missing-reference", "verify/missing-reference"],
    repaired: { objects: [binding("ClusterRole", "view", group)] },
  },
  {
    name: "an Application of a folder that is not there",
    check: checkApplicationPaths,
    broken: {
      objects: [
        object("argoproj.io/v1alpha1", "Application", "web", {
          spec: { source: { path: "apps/web" } },
        }),
      ],
    },
    codes: ["verify/missing-path"],
    repaired: {
      objects: [
        object("argoproj.io/v1alpha1", "Application", "web", {
          spec: { source: { path: "apps/web" } },
        }),
      ],
      tree: { "apps/web/kustomization.yaml": "" },
    },
  },
  {
    name: "a generator that finds nothing",
    check: checkApplicationPaths,
    broken: {
      objects: [applicationSet],
      tree: { "clusters/dev/charts/a.yaml": "chart:\n  values: x\n", x: "" },
    },
    codes: ["verify/missing-path"],
    repaired: {
      objects: [applicationSet],
      tree: {
        "clusters/dev/applications/web.yaml": "application:\n  path: apps/web\n",
        "apps/web/kustomization.yaml": "",
      },
    },
  },
  {
    name: "a list file of a folder that is not there",
    check: checkApplicationPaths,
    broken: {
      tree: {
        "clusters/dev/applications/web.yaml": "application:\n  name: web\n  path: apps/web\n",
      },
    },
    codes: ["verify/missing-path"],
    repaired: {
      tree: {
        "clusters/dev/applications/web.yaml": "application:\n  name: web\n  path: apps/web\n",
        "apps/web/kustomization.yaml": "",
      },
    },
  },
  {
    name: "a budget for nobody",
    check: checkSelectors,
    broken: {
      objects: [
        web(),
        object("policy/v1", "PodDisruptionBudget", "web", {
          spec: { selector: { matchLabels: { app: "wbe" } } },
        }),
      ],
    },
    codes: ["verify/protects-nothing"],
    repaired: {
      objects: [
        web(),
        object("policy/v1", "PodDisruptionBudget", "web", {
          spec: { selector: { matchLabels: { app: "web" } } },
        }),
      ],
    },
  },
  {
    name: "a workload outside the graph",
    check: checkWorkloadsMatchGraph,
    broken: { objects: [web()] },
    codes: ["verify/workload-outside-graph"],
    repaired: {},
  },
  {
    name: "one Secret, two owners (T-27)",
    check: checkSecretOwners,
    broken: {
      objects: [
        sealed,
        object("external-secrets.io/v1", "ExternalSecret", "other", {
          spec: { target: { name: "login" } },
        }),
      ],
    },
    codes: ["verify/contested-secret"],
    repaired: {
      objects: [sealed, object("external-secrets.io/v1", "ExternalSecret", "other", { spec: {} })],
    },
  },
  {
    name: "a Secret in the clear",
    check: checkPlaintextSecrets,
    broken: { objects: [object("v1", "Secret", "login", { data: { password: "c2VjcmV0" } })] },
    codes: ["verify/plaintext-secret"],
    repaired: {
      objects: [
        sealed,
        object("v1", "Secret", "token", { type: "kubernetes.io/service-account-token" }),
      ],
    },
  },
  {
    name: "a secret in a setting",
    check: checkPlaintextSecrets,
    broken: { objects: [env({ name: "DB_PASSWORD", value: "hunter2" })] },
    codes: ["verify/plaintext-secret"],
    repaired: { objects: [env({ name: "DB_PASSWORD_FILE", value: "/etc/db" })] },
  },
  {
    name: "an address with a password",
    check: checkPlaintextSecrets,
    broken: { objects: [env({ name: "DB", value: "postgres://web:hunter2@db/shop" })] },
    codes: ["verify/plaintext-secret"],
    repaired: { objects: [env({ name: "DB", value: "postgres://web:$(DB_PASS)@db/shop" })] },
  },
  {
    name: "a key among settings",
    check: checkPlaintextSecrets,
    broken: {
      objects: [
        object("v1", "ConfigMap", "s", {
          data: { x: "use wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY now" },
        }),
      ],
    },
    codes: ["verify/plaintext-secret"],
    repaired: {
      objects: [
        object("v1", "ConfigMap", "s", {
          data: { x: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" },
        }),
      ],
    },
  },
  {
    name: "a secret nobody has sealed",
    check: checkUnsealedSecrets,
    broken: { cluster: secret(["shop"]) ?? {} },
    codes: ["verify/unsealed-secrets"],
    repaired: { cluster: secret(["shop"]) ?? {}, objects: [sealed] },
  },
  {
    name: "an image without version",
    check: checkPinnedImages,
    broken: { objects: [web({}, { image: "registry:5000/web" })] },
    codes: ["verify/unpinned-image"],
    repaired: { objects: [web({}, { image: "registry:5000/web:1" })] },
  },
  {
    name: "a quota below the autoscaler's maximum and surge (T-07)",
    check: checkQuotas,
    broken: {
      objects: [
        web({}, { resources: { limits: { cpu: "800m" } } }),
        autoscaler({ ...TARGET, maxReplicas: 10 }),
        quota({ "limits.cpu": "8", pods: "12" }),
      ],
    },
    codes: ["verify/quota-too-small", "verify/quota-too-small"],
    repaired: {
      objects: [
        web({}, { resources: { limits: { cpu: "800m" } } }, { strategy: { type: "Recreate" } }),
        autoscaler({ ...TARGET, maxReplicas: 10 }),
        quota({ "limits.cpu": "8", pods: "12" }),
      ],
    },
  },
  {
    name: "a rolling update on a volume one node can mount (T-24)",
    check: checkSingleWriter,
    broken: { objects: [web(mount), claim("ReadWriteOnce")] },
    codes: ["verify/single-writer-surge"],
    repaired: {
      objects: [web(mount, {}, { strategy: { type: "Recreate" } }), claim("ReadWriteOnce")],
    },
  },
  {
    name: "replicas on a volume one node can mount",
    check: checkSingleWriter,
    broken: {
      objects: [
        web(mount, {}, { replicas: 2, strategy: { type: "Recreate" } }),
        claim("ReadWriteOnce"),
      ],
    },
    codes: ["verify/single-writer-replicas"],
    repaired: { objects: [web(mount, {}, { replicas: 2 }), claim("ReadWriteMany")] },
  },
  {
    name: "a schedule without time zone (T-28)",
    check: checkCronTimeZone,
    broken: {
      objects: [object("batch/v1", "CronJob", "dump", { spec: { schedule: "0 3 * * *" } })],
    },
    codes: ["verify/missing-time-zone"],
    repaired: {
      objects: [
        object("batch/v1", "CronJob", "dump", {
          spec: { schedule: "0 3 * * *", timeZone: "Etc/UTC" },
        }),
      ],
    },
  },
  {
    name: "Services of one node port",
    check: checkHostPorts,
    broken: {
      objects: ["a", "b"].map((name) =>
        object("v1", "Service", name, { spec: { ports: [{ port: 1, nodePort: 30080 }] } }),
      ),
    },
    codes: ["verify/contested-port"],
    repaired: {
      objects: [
        object("v1", "Service", "a", {
          spec: {
            ports: [
              { port: 1, nodePort: 30080 },
              { port: 1, nodePort: 30080, protocol: "UDP" },
            ],
          },
        }),
      ],
    },
  },
  {
    name: "services inside the nodes' network (T-08)",
    check: checkAddressRanges,
    broken: {
      cluster: {
        network: {
          podRange: "10.244.0.0/16",
          serviceRange: "10.96.0.0/12",
          nodeRange: "10.100.0.0/16",
        },
      },
    },
    codes: ["verify/overlapping-ranges"],
    repaired: {
      cluster: {
        network: {
          podRange: "10.244.0.0/16",
          serviceRange: "10.96.0.0/16",
          nodeRange: "10.100.0.0/16",
        },
      },
    },
  },
  {
    name: "load balancer addresses off the nodes' network",
    check: checkAddressRanges,
    broken: {
      cluster: {
        network: {
          podRange: "10.42.0.0/16",
          serviceRange: "10.43.0.0/16",
          nodeRange: "172.18.0.0/16",
          loadBalancerRange: "172.19.255.200-172.19.255.250",
        },
      },
    },
    codes: ["verify/load-balancer-outside"],
    repaired: {
      cluster: {
        network: {
          podRange: "10.42.0.0/16",
          serviceRange: "10.43.0.0/16",
          nodeRange: "172.18.0.0/16",
          loadBalancerRange: "172.18.255.200-172.18.255.250",
        },
      },
    },
  },
  {
    name: "a pod its namespace refuses",
    check: checkPodSecurity,
    broken: { objects: [web({ securityContext: confined })] },
    codes: ["verify/refused-pod", "verify/refused-pod"],
    repaired: { objects: [web({ securityContext: confined }, { securityContext: hardened })] },
  },
  {
    name: "privileges nobody explains",
    check: checkPodSecurity,
    broken: { cluster: { namespaces: [privileged] } },
    codes: ["verify/unexplained-privilege"],
    repaired: { cluster: { namespaces: [{ ...privileged, podSecurityReason: "needs the node" }] } },
  },
  {
    name: "a role that may bind others",
    check: checkRights,
    broken: {
      objects: [
        binding("Role", "r", group),
        role({ apiGroups: ["*"], resources: ["*"], verbs: ["bind"] }),
      ],
    },
    codes: ["verify/escalation"],
    repaired: {
      objects: [
        binding("Role", "r", group),
        role({ apiGroups: [""], resources: ["pods"], verbs: ["create"] }),
      ],
    },
  },
  {
    name: "pods beside the platform's",
    check: checkRights,
    broken: {
      objects: [
        {
          ...binding("ClusterRole", "edit", group),
          metadata: { name: "b", namespace: "kube-system" },
        },
      ],
    },
    codes: ["verify/escalation", "verify/escalation", "verify/escalation", "verify/escalation"],
    repaired: { objects: [binding("ClusterRole", "view", group)] },
  },
];

describe("checks", () => {
  it.each(rows)("find $name", ({ check, broken, codes }) => {
    expect([...check(viewOf(broken))].map(({ code }) => code)).toEqual(codes);
  });

  it.each(rows)("are content once it is repaired: $name", ({ check, repaired }) => {
    expect([...check(viewOf(repaired))]).toEqual([]);
  });

  it("let the cluster's size decide", () => {
    const container = {
      name: "c",
      image: "web:1",
      requests: { cpu: "3", memory: "1Gi" },
      limits: { memory: "1Gi" },
    };
    const workload = (replicas: number): NonNullable<Setup["workloads"]>[number] => ({
      kind: "Deployment",
      name: "web",
      namespace: "shop",
      labels: { app: "web" },
      serviceAccount: "web",
      replicas,
      ports: [],
      services: [],
      containers: [container],
      usesApi: false,
      component: "test",
      origin: ["apps", "web"],
    });
    const codes = (replicas: number): string[] =>
      [...checkCapacity(viewOf({ workloads: [workload(replicas)] }))].map(({ code }) => code);
    expect(codes(2)).toEqual([]);
    expect(codes(3)).toEqual(["verify/cluster-too-small"]);
  });
});
