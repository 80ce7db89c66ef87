// What objects name must be there: kinds, namespaces, ports, settings, routes, roles, folders.

import type { DeliveryEngine, TreeSource } from "../../model/index.ts";
import { describeChecks } from "../testing/check-rows.ts";
import {
  object,
  global,
  web,
  service,
  env,
  claim,
  binding,
  route,
  gateway,
  gatewayClass,
  group,
  mount,
} from "../testing/objects.ts";
import { checkDeliveredPaths } from "./delivered-paths.ts";
import { checkNamespaces } from "./namespaces.ts";
import { checkPodReferences } from "./pod-references.ts";
import { checkRoleReferences } from "./role-references.ts";
import { checkRouteReferences } from "./route-references.ts";
import { checkSchema } from "./schema.ts";
import { checkSelectors } from "./selectors.ts";
import { checkServiceTargets } from "./service-targets.ts";
import { checkWorkloadsMatchGraph } from "./workloads-match-graph.ts";

const engineObject = object("engine.example.com/v1", "Part", "web");
const syncs =
  (kind: TreeSource["kind"], path: string): DeliveryEngine["sourcesOf"] =>
  (read) =>
    read.kind === "Part" ? [{ kind, path }] : [];

describeChecks([
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
    name: "an object of the engine that syncs a folder that is not there",
    check: checkDeliveredPaths,
    broken: { objects: [engineObject], sourcesOf: syncs("folder", "apps/web") },
    codes: ["verify/missing-path"],
    repaired: {
      objects: [engineObject],
      sourcesOf: syncs("folder", "apps/web"),
      tree: { "apps/web/kustomization.yaml": "" },
    },
  },
  {
    name: "a generator that finds nothing",
    check: checkDeliveredPaths,
    broken: {
      objects: [engineObject],
      sourcesOf: syncs("pattern", "clusters/{{.name}}/applications/*.yaml"),
      tree: { "clusters/dev/charts/a.yaml": "chart:\n  values: x\n", x: "" },
    },
    codes: ["verify/missing-path"],
    repaired: {
      objects: [engineObject],
      sourcesOf: syncs("pattern", "clusters/{{.name}}/applications/*.yaml"),
      tree: {
        "clusters/dev/applications/web.yaml": "application:\n  path: apps/web\n",
        "apps/web/kustomization.yaml": "",
      },
    },
  },
  {
    name: "a list file of a folder that is not there",
    check: checkDeliveredPaths,
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
    name: "an object of the engine that is a file only, and syncs a folder that is not there",
    check: checkDeliveredPaths,
    broken: {
      sourcesOf: syncs("folder", "apps/web"),
      tree: { "clusters/dev/parts/web.yaml": "apiVersion: engine.example.com/v1\nkind: Part\n" },
    },
    codes: ["verify/missing-path"],
    repaired: {
      sourcesOf: syncs("folder", "apps/web"),
      tree: {
        "clusters/dev/parts/web.yaml": "apiVersion: engine.example.com/v1\nkind: Part\n",
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
]);
