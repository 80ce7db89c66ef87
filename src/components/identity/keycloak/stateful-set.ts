// Keycloak's pods. The image is optimised at the start, which writes into its own folder: on a read-only root it works on a copy.
// Options: keycloak 26.7 docs/guides/server/{all-config,reverseproxy,hostname,caching,importExport}.adoc.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { EnvVar, PlannedCluster, PlannedDatabase, Workload } from "../../../model/index.ts";
import { invariant } from "../../../core/index.ts";
import { variablePrefix } from "../../bindings/index.ts";
import {
  containerOf,
  environmentOf,
  podTemplate,
  statefulSetOf,
  type Fields,
} from "../../manifests/index.ts";
import { ADMIN_SECRET, MANAGEMENT_PORT, NAME, REALM_MAP } from "./names.ts";
import type { KeycloakOptions } from "./options.ts";

const USER_ID = 1000;
const HOME = "/opt/keycloak";
const COPY = "/copy";

export function keycloakStatefulSet(
  { platform, domain }: Pick<PlannedCluster, "platform" | "domain">,
  workload: Workload,
  database: PlannedDatabase,
  { host }: KeycloakOptions,
): KubernetesObject {
  const [server] = workload.containers;
  invariant(server, "keycloak has a container");
  const template = podTemplate(platform, workload, {
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID, fsGroup: USER_ID },
    initContainers: [
      {
        ...containerOf({ ...server, name: "copy" }),
        command: ["cp", "-r", `${HOME}/.`, COPY],
        volumeMounts: [{ name: "home", mountPath: COPY }],
      },
    ],
    containers: { [NAME]: serverContainer(`https://${host}.${domain}`, database) },
    spec: {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: workload.labels },
        },
      ],
    },
    volumes: [
      { name: "home", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
      { name: "realm", configMap: { name: REALM_MAP } },
    ],
  });
  return statefulSetOf(
    platform,
    workload,
    { serviceName: `${NAME}-members`, podManagementPolicy: "Parallel" },
    template,
  );
}

function serverContainer(hostname: string, database: PlannedDatabase): Fields {
  return {
    args: ["start", "--import-realm"],
    env: environmentOf([
      { name: "KC_HOSTNAME", value: hostname },
      // TLS ends at the ingress, which says who asked.
      { name: "KC_HTTP_ENABLED", value: "true" },
      { name: "KC_PROXY_HEADERS", value: "xforwarded" },
      { name: "KC_HEALTH_ENABLED", value: "true" },
      { name: "KC_METRICS_ENABLED", value: "true" },
      { name: "KC_CACHE_STACK", value: "jdbc-ping" },
      ...databaseSettings(database),
      { name: "KC_BOOTSTRAP_ADMIN_USERNAME", secret: ADMIN_SECRET, key: "username" },
      { name: "KC_BOOTSTRAP_ADMIN_PASSWORD", secret: ADMIN_SECRET, key: "password" },
    ]),
    startupProbe: { ...health("started"), periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...health("ready"), periodSeconds: 10 },
    livenessProbe: { ...health("live"), periodSeconds: 20, failureThreshold: 6 },
    volumeMounts: [
      { name: "home", mountPath: HOME },
      { name: "tmp", mountPath: "/tmp" },
      { name: "realm", mountPath: `${HOME}/data/import`, readOnly: true },
    ],
  };
}

const health = (what: string): Fields => ({
  httpGet: { path: `/health/${what}`, port: MANAGEMENT_PORT },
});

/** Out of the variables that any consumer of the database gets. */
function databaseSettings({
  name: database,
  provider: engine,
  binding,
}: PlannedDatabase): EnvVar[] {
  const { env } = binding;
  const prefix = `${variablePrefix(database)}_DATABASE`;
  const find = (part: string): EnvVar => {
    const variable = env.find(({ name }) => name === `${prefix}_${part}`);
    invariant(variable, `the binding of database ${database} sets ${prefix}_${part}`);
    return variable;
  };
  const url = find("URL");
  const [, query] = "value" in url ? url.value.split("?") : [];
  return [
    { name: "KC_DB", value: engine },
    { ...find("HOST"), name: "KC_DB_URL_HOST" },
    { ...find("PORT"), name: "KC_DB_URL_PORT" },
    { ...find("NAME"), name: "KC_DB_URL_DATABASE" },
    { ...find("USERNAME"), name: "KC_DB_USERNAME" },
    { ...find("PASSWORD"), name: "KC_DB_PASSWORD" },
    ...(query === undefined ? [] : [{ name: "KC_DB_URL_PROPERTIES", value: `?${query}` }]),
  ];
}
