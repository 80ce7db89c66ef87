// The script a pipeline or a person runs: namespaces first, then every chart, then what uses the charts' kinds, then apps. What
// fails is tried again in the next round, because what it needs may be another release of the same round.
// Flags: helm.sh/docs/helm/helm_upgrade and kubectl apply; valid for Helm 3 and 4.

import { formatDuration, parseDuration } from "../../../core/index.ts";
import type { CompiledChart, DeliveredFolder, DeliveredParts } from "../../../model/index.ts";
import { valuesFile } from "../../../model/index.ts";
import type { HelmPushOptions } from "./options.ts";

export function pushScript(
  { cluster, folders, charts }: DeliveredParts,
  { timeout }: HelmPushOptions,
): string {
  const { target } = cluster;
  const inWave = (wave: DeliveredFolder["wave"]): string[] =>
    folders.filter((folder) => folder.wave === wave).map(folderStep);
  const rounds = [
    round("namespaces", "namespaces, quotas, policies and rights", inWave(0)),
    round(
      "charts",
      "charts of others, pinned",
      charts.map(({ chart }) => chartStep(chart, target)),
    ),
    round("platform", "what uses their kinds", inWave(1)),
    round("apps", "people's apps", inWave(2)),
  ].filter((text) => text !== "");
  return [...opening(target, timeout), ...rounds].join("\n");
}

/** Helm knows no days. */
function goDuration(text: string): string {
  const ms = parseDuration(text);
  return ms === undefined ? text : formatDuration(ms);
}

function opening(target: string, timeout: string): string[] {
  return [
    "#!/bin/sh",
    `# Everything ${target} gets, in its order. Run it from the root of the repository, as often as you like:`,
    `#   KUBE_CONTEXT=${target} sh clusters/${target}/push.sh`,
    "# Helm keeps a history of every release: helm history NAME, helm rollback NAME REVISION.",
    "set -u",
    ': "${KUBE_CONTEXT:?name the kubeconfig context of the cluster}"',
    "",
    "release() { # name, namespace, then the chart and its flags",
    "  name=$1 namespace=$2; shift 2",
    '  helm upgrade --install "$name" "$@" --namespace "$namespace" \\',
    `    --kube-context "$KUBE_CONTEXT" --wait --timeout ${goDuration(timeout)} || failed="$failed $name"`,
    "}",
    "chart() { # a chart of this repository: name, namespace, folder, values",
    '  helm dependency update "$3" >/dev/null || { failed="$failed $1"; return; }',
    '  release "$1" "$2" "$3" --values "$4"',
    "}",
    "objects() { # name, then -k or -f and a folder",
    "  name=$1; shift",
    '  kubectl --context "$KUBE_CONTEXT" apply --server-side --field-manager=keelson "$@" || failed="$failed $name"',
    "}",
    "rounds() { # a function, until nothing of it fails",
    "  for round in 1 2 3 4; do",
    "    failed=",
    '    "$1"',
    '    [ -z "$failed" ] && return',
    '    echo "round $round: failed:$failed" >&2',
    '    [ "$round" = 4 ] || sleep "${RETRY_SECONDS:-15}"',
    "  done",
    "  exit 1",
    "}",
    "",
  ];
}

function round(name: string, what: string, steps: readonly string[]): string {
  if (steps.length === 0) return "";
  const body = steps.map((step) => `  ${step}`);
  return [`# ${what}`, `${name}() {`, ...body, "}", `rounds ${name}`, ""].join("\n");
}

/** Chart or Kustomize folder; a folder without a kustomization is applied as it is. */
function folderStep({ name, path, namespace, values, form }: DeliveredFolder): string {
  if (values !== undefined) return `chart ${name} ${namespace} ${path} ${path}/${values}`;
  return `objects ${name} ${form === "plain" ? "-f" : "-k"} ${path}`;
}

function chartStep(chart: CompiledChart, target: string): string {
  const { name, namespace, repository, version } = chart;
  const isOci = repository.startsWith("oci://");
  const where = isOci ? `${repository}/${chart.chart}` : `${chart.chart} --repo ${repository}`;
  return `release ${name} ${namespace} ${where} --version ${version} --values ${valuesFile(chart, target)}`;
}
