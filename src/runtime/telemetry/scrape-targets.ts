// Where the apps that run as processes serve their metrics at this moment: the port called `http` of every pod.

import { PROCESS } from "../../cluster/index.ts";
import { POD, type KubeApi, type Pod } from "../../kubernetes/index.ts";
import { APP_LABEL } from "./process-log-record.ts";
import type { ScrapeTarget } from "./scrape-configuration.ts";

const AGENT = "keelson.dev/agent";
const PORT_NAME = "http";

/** Of these apps only: a database that runs as a process has no metrics of Prometheus' kind. */
export async function findScrapeTargets(
  api: KubeApi,
  apps: ReadonlySet<string>,
): Promise<readonly ScrapeTarget[]> {
  const { items } = await api.list(POD);
  // Listed as pods, so they are.
  return (items as readonly Pod[]).flatMap((pod) => targetsOf(pod, apps));
}

function targetsOf(pod: Pod, apps: ReadonlySet<string>): readonly ScrapeTarget[] {
  const { name, namespace = "", annotations, labels } = pod.metadata;
  const app = labels?.[APP_LABEL] ?? "";
  const address = pod.status?.podIP;
  if (!apps.has(app) || annotations?.[AGENT] !== PROCESS || address === undefined) return [];
  return pod.spec.containers
    .flatMap(({ ports = [] }) => ports)
    .filter((port) => port.name === PORT_NAME)
    .map(({ containerPort }) => ({
      job: app,
      address: `${address}:${containerPort}`,
      labels: { namespace, pod: name },
    }));
}
