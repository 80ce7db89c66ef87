// Helm and the history that helm-controller's behaviour keeps, against one running embedded cluster: Helm lists, explains and rolls
// back what Keelson wrote, and Keelson goes on where Helm began.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { recordRelease } from "../../src/components/delivery/flux/behaviour/release-history.ts";
import { createRealClock } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { findOnPath } from "../find-tool.ts";
import { runCommand } from "../run-command.ts";
import type { ClusterSuite, SuiteOutcome } from "./cluster-suite.ts";
import { startCluster, type RunningCluster } from "./running-cluster.ts";
import { TOOLS } from "./tools.ts";

export const helmReleases: ClusterSuite = {
  name: "helm releases",
  async run() {
    const helm = findOnPath("helm", [TOOLS]);
    if (helm === undefined) return "helm is not on the PATH";
    const folder = mkdtempSync(join(tmpdir(), "keelson-helm-"));
    const cluster = await startCluster(folder);
    try {
      return await judge(helm, folder, cluster);
    } finally {
      cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const NAMESPACE = "default";
const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" };

interface Revision {
  readonly revision: number;
  readonly status: string;
  readonly description: string;
}

async function judge(helm: string, folder: string, cluster: RunningCluster): Promise<SuiteOutcome> {
  const complaints: string[] = [];
  let asked = 0;
  const expectSame = (what: string, said: unknown, wanted: unknown): void => {
    asked += 1;
    const [is, should] = [said, wanted].map((value) => JSON.stringify(value));
    if (is !== should) complaints.push(`${what}: ${is} instead of ${should}`);
  };
  const run = async (...args: readonly string[]): Promise<string> => {
    const { code, output } = await runCommand(helm, args, {
      env: { KUBECONFIG: cluster.kubeconfig },
    });
    if (code !== 0) complaints.push(`helm ${args.join(" ")}: ${output.trim()}`);
    return output;
  };
  const history = async (name: string): Promise<string[]> =>
    (JSON.parse(await run("history", name, "-o", "json")) as readonly Revision[]).map(
      ({ revision, status, description }) => `${revision} ${status} ${description}`,
    );
  const value = async (name: string): Promise<unknown> =>
    (await cluster.api.get({ ...CONFIG_MAP, name, namespace: NAMESPACE }))["data"];

  await record(cluster, "ours", "a");
  await record(cluster, "ours", "b");
  const upgraded = ["1 superseded Install complete", "2 deployed Upgrade complete"];
  expectSame("helm reads what Keelson recorded", await history("ours"), upgraded);
  await run("rollback", "ours", "1");
  expectSame("helm rolls it back", await value("ours"), { value: "a" });
  expectSame("the way back", (await history("ours")).at(-1), "3 deployed Rollback to 1");

  const chart = writeChart(folder);
  await run("install", "theirs", chart);
  await record(cluster, "theirs", "b");
  expectSame("Keelson goes on where Helm began", await history("theirs"), upgraded);
  await run("uninstall", "theirs");
  expectSame("nothing is left of it", (await run("list", "-q")).trim(), "ours");
  return { asked, complaints };
}

/** As helm-controller does: what belongs to the release is applied, and the release remembered. */
async function record({ api }: RunningCluster, name: string, value: string): Promise<void> {
  const clock = createRealClock({ keepAlive: true });
  const object: KubernetesObject = {
    ...CONFIG_MAP,
    metadata: { name, namespace: NAMESPACE },
    data: { value },
  };
  await api.apply(object, { fieldManager: "helm-controller", force: true });
  const writer = { api, clock, manager: "helm-controller", event: () => undefined };
  const chart = { name: "tiny", version: "1.0.0" };
  const released = { name, namespace: NAMESPACE, storage: NAMESPACE, chart, values: {} };
  await recordRelease(writer, released, [object], "deployed");
}

function writeChart(folder: string): string {
  const chart = join(folder, "tiny");
  mkdirSync(join(chart, "templates"), { recursive: true });
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: tiny\nversion: 1.0.0\n");
  writeFileSync(
    join(chart, "templates", "settings.yaml"),
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }} }\ndata: { value: a }\n",
  );
  return chart;
}
