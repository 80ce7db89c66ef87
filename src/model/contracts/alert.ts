// An alert as the component that knows the danger states it. Who owns alerts on a cluster (Prometheus with Alertmanager, or
// Grafana) writes it in its own form; nobody writes it twice.

import type { Path } from "../../core/index.ts";

export interface AlertRule {
  /** PascalCase, unique on the cluster: `BackupMissed`. */
  readonly name: string;
  /** PromQL that holds while something is wrong. */
  readonly expression: string;
  /** How long it has to hold, in Prometheus' words: `15m`. */
  readonly holds: string;
  readonly severity: "critical" | "warning";
  /** One sentence for a person who is woken by it; may use `{{ $labels.x }}`. */
  readonly summary: string;
  /** Heading of the page that says what to do, below the platform's runbooks. */
  readonly runbook: string;
  readonly component: string;
  readonly origin: Path;
}
