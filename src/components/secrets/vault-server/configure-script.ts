// What a person runs once the server is initialised, and again after every change of the platform: engines, sign-in, policies,
// roles, and a first value for every secret that has none. Values are made or asked for there; none is in the file.

import type { PlannedCluster, PlannedSecret, SecretKey } from "../../../model/index.ts";
import type { Access } from "./access.ts";
import type { Flavour } from "./flavour.ts";
import { activeHost, API_PORT, MOUNT } from "./names.ts";

/** Short: a role is asked for again at every read. */
const TOKEN_TTL = "20m";
/** Of the tokens that may sign in. */
export const AUDIENCE = "vault";

export function configureScript(
  flavour: Flavour,
  cluster: Pick<PlannedCluster, "target" | "secrets">,
  access: Access,
): string {
  const stored = cluster.secrets.filter(({ storedAt }) => storedAt !== undefined);
  return [
    ...head(flavour, cluster.target),
    ...engines(flavour),
    ...access.policies.map(
      ({ name }) => `${flavour.program} policy write ${name} "$here/policies/${name}.hcl"`,
    ),
    ...access.roles.map(
      ({ name, serviceAccount, namespace, policies }) =>
        `${flavour.program} write auth/kubernetes/role/${name} bound_service_account_names=${serviceAccount} ` +
        `bound_service_account_namespaces=${namespace} audience=${AUDIENCE} token_policies=${policies.join(",")} ` +
        `token_ttl=${TOKEN_TTL}`,
    ),
    "",
    ...stored.flatMap((secret) => seed(flavour, secret)),
  ].join("\n");
}

function head(flavour: Flavour, target: string): string[] {
  const { displayName, program, variables, name } = flavour;
  return [
    "#!/bin/sh",
    `# Sets up ${displayName} of ${target}. Needs ${program}, jq and, for htpasswd lines, htpasswd. It can be run again: values that`,
    "# are there stay as they are. Once, before the first run, and again only when a cluster is made anew:",
    `#   kubectl exec -n ${name} ${name}-0 -- ${program} operator init   # keep what it prints; nobody can make it again`,
    "# Then, with a token that may do all of this (the root token the first time; revoke it after):",
    `#   kubectl port-forward -n ${name} svc/${name}-active ${API_PORT} &`,
    `#   export ${variables}_ADDR=https://127.0.0.1:${API_PORT} ${variables}_TLS_SERVER_NAME=${activeHost(flavour)} ${variables}_CACERT=ca.crt`,
    `#   ${variables}_TOKEN=… sh configure.sh`,
    "set -eu",
    'here=$(dirname "$0")',
    'quote() { printf %s "$1" | jq -Rs .; }',
    'random() { LC_ALL=C tr -dc A-HJ-NP-Za-km-z2-9 </dev/urandom | head -c "$1"; }',
    "# A line, or @ and the name of a file.",
    "ask() {",
    '  printf "%s: " "$1" >&2',
    "  stty -echo 2>/dev/null || :",
    "  IFS= read -r answer",
    "  stty echo 2>/dev/null || :",
    "  echo >&2",
    '  case "$answer" in @*) cat "${answer#@}" ;; *) printf %s "$answer" ;; esac',
    "}",
    "",
  ];
}

function engines({ program, declaresAudit }: Flavour): string[] {
  const has = (list: string, path: string): string =>
    `${program} ${list} list -format=json | jq -e 'has("${path}/")' >/dev/null`;
  return [
    `${has("secrets", MOUNT)} || ${program} secrets enable -path=${MOUNT} -version=2 kv`,
    `${has("auth", "kubernetes")} || ${program} auth enable kubernetes`,
    `${program} write auth/kubernetes/config kubernetes_host=https://kubernetes.default.svc`,
    ...(declaresAudit
      ? []
      : [
          `${program} audit list -format=json | jq -e 'has("file/")' >/dev/null || ${program} audit enable file file_path=stdout`,
        ]),
  ];
}

function seed({ program }: Flavour, { id, storedAt, keys }: PlannedSecret): string[] {
  const names = new Map(keys.map(({ key }, index) => [key, `v${index}`]));
  // Those that others are made of come first.
  const ordered = [...keys.filter((key) => !isDerived(key)), ...keys.filter(isDerived)];
  const fields = keys.map(({ key }, index) => {
    const comma = index === 0 ? "" : ", ";
    return `    printf '${comma}"${key}": %s' "$(quote "$${names.get(key)}")"`;
  });
  return [
    `# ${id}`,
    `if ! ${program} kv get -mount=${MOUNT} ${storedAt} >/dev/null 2>&1; then`,
    ...ordered.map((key) => `  ${names.get(key.key)}=${valueOf(key, names)}`),
    "  {",
    "    printf '{'",
    ...fields,
    "    printf '}'",
    `  } | ${program} kv put -mount=${MOUNT} -cas=0 ${storedAt} - >/dev/null`,
    "fi",
    "",
  ];
}

const isDerived = ({ source }: SecretKey): boolean =>
  source === "template" || source === "htpasswd";

function valueOf(key: SecretKey, names: ReadonlyMap<string, string>): string {
  switch (key.source) {
    case "fixed":
      return singleQuoted(key.value);
    case "generated":
      return `$(random ${key.length})`;
    case "person":
      return `$(ask ${singleQuoted(`${key.description}, ${key.key}`)})`;
    case "htpasswd":
      return `$(printf %s "$${names.get(key.passwordKey)}" | htpasswd -niB ${singleQuoted(key.user)})`;
    case "template":
      return filled(key.template, names);
  }
}

/** Text around `${key}` quoted as it is, the keys' variables in double quotes. */
function filled(template: string, names: ReadonlyMap<string, string>): string {
  return template
    .split(/(\$\{[^}]+\})/)
    .filter((part) => part !== "")
    .map((part) => {
      const name = part.startsWith("${") ? names.get(part.slice(2, -1)) : undefined;
      return name === undefined ? singleQuoted(part) : `"$${name}"`;
    })
    .join("");
}

const singleQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
