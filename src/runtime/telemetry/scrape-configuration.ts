// A prometheus.yml for a real Prometheus beside the platform: it scrapes the apps where they are. Mirrors
// prometheus.io/docs/prometheus/latest/configuration/configuration, `scrape_config`.

import { stringify } from "yaml";

import { groupBy } from "../../core/index.ts";

export interface ScrapeTarget {
  /** The app's name: it becomes the job. */
  readonly job: string;
  /** `127.64.0.5:8080`. */
  readonly address: string;
  /** Default `/metrics`. */
  readonly path?: string;
  /** Added to every sample, e.g. `namespace` and `pod`. */
  readonly labels?: Readonly<Record<string, string>>;
}

const INTERVAL = "5s";
const PATH = "/metrics";

export function scrapeConfiguration(targets: readonly ScrapeTarget[]): string {
  const jobs = groupBy(targets, ({ job, path = PATH }) => JSON.stringify([job, path]));
  const configuration = {
    global: { scrape_interval: INTERVAL, evaluation_interval: INTERVAL },
    scrape_configs: [...jobs.values()].map(([first, ...more]) => ({
      job_name: first?.job ?? "",
      metrics_path: first?.path ?? PATH,
      static_configs: [first, ...more].flatMap((target) =>
        target === undefined ? [] : [{ targets: [target.address], labels: target.labels ?? {} }],
      ),
    })),
  };
  return stringify(configuration, { version: "1.1" });
}
