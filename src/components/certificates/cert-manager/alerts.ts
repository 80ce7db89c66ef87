// When people are told of certificates: long before the end, and when one cannot be had. Metrics as in cert-manager v1.21
// pkg/metrics; the controller scrapes nothing of its own, so `name` is the Certificate's.

import type { Path } from "../../../core/index.ts";
import type { AlertRule } from "../../../model/index.ts";

/** A certificate of 90 days is renewed 30 days before its end: with 14 left, half of that time went by in vain. */
const DAYS_LEFT = 14;

export function certificateAlerts(origin: Path): AlertRule[] {
  const common = {
    runbook: "https://cert-manager.io/docs/troubleshooting/",
    component: "cert-manager",
    origin,
  };
  return [
    {
      ...common,
      name: "CertificateExpiring",
      expression: `certmanager_certificate_expiration_timestamp_seconds - time() < ${DAYS_LEFT * 86_400}`,
      holds: "1h",
      severity: "critical",
      summary: `certificate {{ $labels.name }} ends in less than ${DAYS_LEFT} days and was not renewed`,
    },
    {
      ...common,
      name: "CertificateNotReady",
      expression: `max by (name) (certmanager_certificate_ready_status{condition!="True"}) == 1`,
      holds: "1h",
      severity: "warning",
      summary: "certificate {{ $labels.name }} has not been issued for an hour",
    },
  ];
}
