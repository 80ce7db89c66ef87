// The API server's audit policy: the first rule that matches an event decides how much of it is kept. Source: Kubernetes
// documentation, "Auditing" (audit.k8s.io/v1 Policy).

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";

export function auditPolicy({ namespaces }: Pick<PlannedCluster, "namespaces">): Fields {
  const apps = namespaces.filter(({ tenancy }) => tenancy === "app").map(({ name }) => name);
  const inApps = apps.length === 0 ? {} : { namespaces: apps };
  return {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    // One event a request: its answer is what tells whether it succeeded.
    omitStages: ["RequestReceived"],
    rules: [
      // Who read which secret, never what was in it; token requests carry credentials too.
      {
        level: "Metadata",
        resources: [
          { group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"] },
          { group: "authentication.k8s.io", resources: ["tokenreviews"] },
          { group: "bitnami.com", resources: ["sealedsecrets"] },
          { group: "external-secrets.io", resources: ["*"] },
        ],
      },
      // Who gave whom which rights, before and after.
      {
        level: "RequestResponse",
        verbs: CHANGES,
        resources: [
          { group: "rbac.authorization.k8s.io" },
          { group: "admissionregistration.k8s.io" },
          { group: "networking.k8s.io", resources: ["networkpolicies"] },
          { group: "certificates.k8s.io", resources: ["certificatesigningrequests"] },
        ],
      },
      // A shell in a pod, a port out of it: the command stands in the request's address.
      {
        level: "Request",
        resources: [
          {
            group: "",
            resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers"],
          },
        ],
      },
      // Controllers and nodes renew and watch all day.
      {
        level: "None",
        users: ["system:kube-scheduler", "system:kube-controller-manager"],
        verbs: READS,
      },
      { level: "None", userGroups: ["system:nodes"], verbs: READS },
      {
        level: "None",
        resources: [
          { group: "coordination.k8s.io", resources: ["leases"] },
          { group: "", resources: ["events"] },
        ],
      },
      {
        level: "None",
        nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi/*"],
      },
      // Changes of what apps run, whole; of everything else, that they were made.
      { level: "Request", verbs: CHANGES, ...inApps },
      { level: "Metadata", verbs: CHANGES },
      { level: "Metadata", userGroups: ["system:authenticated"], verbs: ["get", "list"] },
      { level: "Metadata", userGroups: ["system:unauthenticated"] },
    ],
  };
}

const CHANGES = ["create", "update", "patch", "delete", "deletecollection"];
const READS = ["get", "list", "watch"];
