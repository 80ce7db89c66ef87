// When people are told of certificates: long before the end, and when one cannot be had. Metrics as in cert-manager v1.21
// pkg/metrics; the controller scrapes nothing of its own, so `name` is the Certificate's.

import type { Path } from "../../../core/index.ts";
import type { AlertRule } from "../../../model/index.ts";

const END = "certmanager_certificate_expiration_timestamp_seconds";
const RENEWAL = "certmanager_certificate_renewal_timestamp_seconds";

/**
 * Half of the time between renewal and end went by in vain: 15 days before the end of a certificate of 90 days, hours before that
 * of an authority of two.
 */
const EXPIRING = `${END} - time() < (${END} - ${RENEWAL}) / 2`;

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
      expression: EXPIRING,
      holds: "1h",
      severity: "critical",
      summary: "certificate {{ $labels.name }} was to be renewed long ago, and ends soon",
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
