// When people are told of certificates, judged by promtool: one that should have been renewed long ago, one that was, an authority
// of two days, one that cannot be had.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { findTool } from "../../../../tests/skip.ts";
import { certificateAlerts } from "./alerts.ts";

const promtool = await findTool("promtool");
const DAY = 86_400;

interface Row {
  readonly name: string;
  /** Days from now. */
  readonly renewal: number;
  readonly end: number;
  readonly ready?: boolean;
  readonly fires?: "CertificateExpiring" | "CertificateNotReady";
}

const ROWS: readonly Row[] = [
  { name: "fresh", renewal: 60, end: 90 },
  { name: "renewal due", renewal: -1, end: 29 },
  { name: "renewal missed", renewal: -20, end: 10, fires: "CertificateExpiring" },
  { name: "an authority of two days", renewal: 0.9, end: 1.9 },
  { name: "that authority, not renewed", renewal: -0.6, end: 0.4, fires: "CertificateExpiring" },
  { name: "never issued", renewal: 60, end: 90, ready: false, fires: "CertificateNotReady" },
];

const SEVERITY = { CertificateExpiring: "critical", CertificateNotReady: "warning" } as const;

it.skipIf(promtool === undefined)("fire and stay silent as they should", () => {
  const folder = mkdtempSync(join(tmpdir(), "keelson-alerts-"));
  const alerts = certificateAlerts(["certificates"]);
  const rules = alerts.map(({ name, expression, holds, severity, summary }) => ({
    alert: name,
    expr: expression,
    for: holds,
    labels: { severity },
    annotations: { summary },
  }));
  writeFileSync(join(folder, "rules.yaml"), JSON.stringify({ groups: [{ name: "x", rules }] }));
  // Tests of promtool begin at the epoch, and ask two hours later.
  const tests = ROWS.map(({ name, renewal, end, ready = true, fires }) => {
    const series = (metric: string, value: number): object => ({
      series: metric,
      values: `${value}x240`,
    });
    return {
      name,
      interval: "1m",
      input_series: [
        series(`certmanager_certificate_renewal_timestamp_seconds{name="web"}`, renewal * DAY),
        series(`certmanager_certificate_expiration_timestamp_seconds{name="web"}`, end * DAY),
        series(`certmanager_certificate_ready_status{name="web",condition="False"}`, ready ? 0 : 1),
      ],
      alert_rule_test: alerts.map((alert) => ({
        eval_time: "2h",
        alertname: alert.name,
        exp_alerts:
          alert.name === fires
            ? [
                {
                  exp_labels: { severity: SEVERITY[fires], name: "web" },
                  exp_annotations: { summary: alert.summary.replace("{{ $labels.name }}", "web") },
                },
              ]
            : [],
      })),
    };
  });
  const file = join(folder, "tests.yaml");
  writeFileSync(
    file,
    JSON.stringify({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests }),
  );
  const { stdout, stderr, status } = spawnSync(promtool ?? "", ["test", "rules", file]);
  rmSync(folder, { recursive: true, force: true });
  expect({ status, said: `${String(stdout)}${String(stderr)}` }).toMatchObject({ status: 0 });
});
