// The small objects that the tables of the checks are made of.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Setup } from "./platform.ts";

export type Fields = Record<string, unknown>;

export const object = (
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
export const global = (
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

export const web = (
  pod: Fields = {},
  container: Fields = {},
  spec: Fields = {},
): KubernetesObject =>
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
export const service = (ports: readonly Fields[], app = "web"): KubernetesObject =>
  object("v1", "Service", "web", { spec: { selector: { app }, ports } });
export const autoscaler = (spec: Fields): KubernetesObject =>
  object("autoscaling/v2", "HorizontalPodAutoscaler", "web", { spec });
export const TARGET = {
  scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
};
export const env = (entry: Fields): KubernetesObject => web({}, { env: [entry] });
export const claim = (mode: string): KubernetesObject =>
  object("v1", "PersistentVolumeClaim", "data", { spec: { accessModes: [mode] } });
export const mount = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] };
export const secret = (namespaces: readonly string[]): Setup["cluster"] => ({
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
export const secretEnv = (key: string): KubernetesObject =>
  env({ name: "LOGIN", valueFrom: { secretKeyRef: { name: "login", key } } });
export const binding = (kind: string, role: string, subject: Fields): KubernetesObject =>
  object("rbac.authorization.k8s.io/v1", "RoleBinding", "b", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
    subjects: [subject],
  });
export const role = (rule: Fields): KubernetesObject =>
  object("rbac.authorization.k8s.io/v1", "Role", "r", { rules: [rule] });
export const group = { kind: "Group", name: "harbour:developers" };
export const route = (parent: Fields, backend: Fields): KubernetesObject =>
  object("gateway.networking.k8s.io/v1", "HTTPRoute", "web", {
    spec: {
      parentRefs: [{ name: "public", ...parent }],
      rules: [{ backendRefs: [{ name: "web", port: 80, ...backend }] }],
    },
  });
export const gateway = object("gateway.networking.k8s.io/v1", "Gateway", "public", {
  spec: { gatewayClassName: "nginx", listeners: [{ name: "http" }] },
});
export const gatewayClass = global("gateway.networking.k8s.io/v1", "GatewayClass", "nginx");
export const confined = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
export const hardened = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
export const privileged = {
  name: "edge",
  tenancy: "platform",
  podSecurity: "privileged",
  origin: ["ingress"],
} as const;
export const quota = (hard: Fields): KubernetesObject =>
  object("v1", "ResourceQuota", "quota", { spec: { hard } });
export const sealed = object("bitnami.com/v1alpha1", "SealedSecret", "login", {
  spec: { encryptedData: { password: "AgBy8hCi8eYdRfG3Nq7wL0pXz5vKs2TmQj9Eh4Ua" } },
});
