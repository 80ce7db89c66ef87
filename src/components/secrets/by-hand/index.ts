// Secrets that somebody makes: the platform knows their names and keys, and writes a script that asks for the values. It holds none.

import { defineSlotFiller } from "../../../model/index.ts";
import type { PlannedSecret } from "../../../model/index.ts";
import { secretsByHandSchema, type SecretsByHandOptions } from "./options.ts";

export const secretsByHandFiller = defineSlotFiller<SecretsByHandOptions>({
  name: "secrets-by-hand",
  slot: "secrets",
  area: "infrastructure/security",
  // Only what names it.
  provides: ["secretByHand"],
  options: secretsByHandSchema,
  emit: ({ cluster, path }) => {
    const key = path.at(-1);
    const own = cluster.secrets.filter(({ provider }) => provider === key);
    if (own.length === 0) return {};
    const file = `clusters/${cluster.target}/secrets-by-hand.sh`;
    return { files: [{ file, text: script(cluster.target, own), path }] };
  },
});

function script(target: string, secrets: readonly PlannedSecret[]): string {
  return [
    "#!/bin/sh",
    `# Makes the Secrets of ${target} that are a person's to make; run again, it asks again and replaces them. Needs kubectl with rights`,
    "# to write Secrets, and namespaces that are there. No value is in this file.",
    "set -eu",
    "ask() {",
    '  printf "%s: " "$1" >&2',
    "  stty -echo 2>/dev/null || :",
    "  IFS= read -r answer",
    "  stty echo 2>/dev/null || :",
    "  echo >&2",
    '  printf %s "$answer"',
    "}",
    "# Values go through files that nobody else may read, not through arguments.",
    "folder=$(mktemp -d); trap 'rm -rf \"$folder\"' EXIT",
    "umask 077",
    ...secrets.flatMap(parts),
    "",
  ].join("\n");
}

function parts({ id, name, type, namespaces, keys }: PlannedSecret): string[] {
  const from = keys.map(({ key }) => `--from-file=${key}="$folder/${id}.${key}"`).join(" ");
  return [
    "",
    `# ${id}`,
    ...keys.map(({ key }) => `ask '${id}, ${key}' >"$folder/${id}.${key}"`),
    ...namespaces.map(
      (namespace) =>
        `kubectl create secret generic ${name} -n ${namespace} --type=${type} ${from} --dry-run=client -o yaml | kubectl apply -f -`,
    ),
  ];
}
