// The script really runs, with a helm and a kubectl that say what they were asked: in its order, again after a failure, and
// never silent about what stays broken.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import type { DeliveredFolder, DeliveredParts } from "../../../model/index.ts";
import { plannedCluster } from "../../testing/planned.ts";
import { pushScript } from "./push-script.ts";

const folder = (name: string, wave: 0 | 1 | 2, more: object = {}): DeliveredFolder => ({
  name,
  path: `infrastructure/${name}/overlays/dev`,
  namespace: name,
  namespaces: [name],
  wave,
  needs: { folders: [], charts: [] },
  ...more,
});
const chart = (name: string, repository: string): DeliveredParts["charts"][number] => ({
  chart: {
    name,
    namespace: name,
    area: "infrastructure/networking",
    repository,
    chart: name,
    version: "1.2.3",
    values: {},
    path: [],
    origin: { component: name, path: [] },
  },
  needs: { folders: [], charts: [] },
});
const parts: DeliveredParts = {
  cluster: plannedCluster(),
  folders: [
    folder("networking", 1),
    folder("security", 0),
    folder("web", 2, { path: "infra/helm/web", values: "values-dev.yaml" }),
    folder("queue", 2, { path: "apps/queue/dev", form: "plain" }),
  ],
  charts: [
    chart("gate", "https://charts.example.com"),
    chart("mesh", "oci://registry.example.com/charts"),
  ],
};

/** `failing` names a release that fails so many times. */
function run(
  failing: string,
  times: number,
): { readonly status: number | null; readonly asked: string[] } {
  const home = mkdtempSync(join(tmpdir(), "keelson-push-"));
  const log = join(home, "log");
  writeFileSync(log, "");
  const tool = (name: string): void =>
    writeFileSync(
      join(home, name),
      `#!/bin/sh\necho "${name} $*" >> ${log}\ncase "$*" in *" ${failing} "*) [ "$(grep -c " ${failing} " ${log})" -gt ${times} ];; esac\n`,
      { mode: 0o755 },
    );
  ["helm", "kubectl"].forEach(tool);
  const script = join(home, "push.sh");
  writeFileSync(script, pushScript(parts, { timeout: "10m" }));
  execFileSync("sh", ["-n", script]);
  const { status } = spawnSync("sh", [script], {
    env: { PATH: `${home}:/usr/bin:/bin`, KUBE_CONTEXT: "dev", RETRY_SECONDS: "0" },
  });
  return { status, asked: readFileSync(log, "utf8").trim().split("\n") };
}

const HELM = "--kube-context dev --wait --timeout 10m";

it("pushes everything in its order", () => {
  expect(run("nothing", 0)).toEqual({
    status: 0,
    asked: [
      "kubectl --context dev apply --server-side --field-manager=keelson -k infrastructure/security/overlays/dev",
      `helm upgrade --install gate gate --repo https://charts.example.com --version 1.2.3 --values infrastructure/networking/charts/gate/dev.yaml --namespace gate ${HELM}`,
      `helm upgrade --install mesh oci://registry.example.com/charts/mesh --version 1.2.3 --values infrastructure/networking/charts/mesh/dev.yaml --namespace mesh ${HELM}`,
      "kubectl --context dev apply --server-side --field-manager=keelson -k infrastructure/networking/overlays/dev",
      "helm dependency update infra/helm/web",
      `helm upgrade --install web infra/helm/web --values infra/helm/web/values-dev.yaml --namespace web ${HELM}`,
      "kubectl --context dev apply --server-side --field-manager=keelson -f apps/queue/dev",
    ],
  });
});

it("tries again what failed, and goes on", () => {
  const { status, asked } = run("gate", 2);
  expect(status).toBe(0);
  expect(asked.filter((line) => line.includes("--install gate"))).toHaveLength(3);
  expect(asked.at(-1)).toContain("apps/queue/dev");
});

it("ends with an error where something stays broken", () => {
  const { status, asked } = run("gate", 99);
  expect(status).toBe(1);
  expect(asked.join()).not.toContain("apps/queue");
});
