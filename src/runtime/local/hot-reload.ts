// A change in an app's directory starts its processes anew; the pods stay, and nothing is built or delivered.

import { resolve } from "node:path";

import type { EmbeddedCluster } from "../../cluster/index.ts";
import type { Clock } from "../../core/index.ts";
import { informerOf, POD, type InformerSet } from "../../kubernetes/index.ts";
import { findAppForm, type AppForm } from "./app-forms.ts";
import { watchFolders } from "./watch-folder.ts";

export interface HotReloadOptions {
  readonly apps: readonly AppForm[];
  readonly cluster: EmbeddedCluster;
  readonly informers: InformerSet;
  readonly clock: Clock;
  readonly onError: (app: string, error: unknown) => void;
}

export function reloadOnChange(options: HotReloadOptions): { stop(): void } {
  const able = options.apps.filter(({ form }) => form !== undefined);
  const watches = able.map((app) => watchApp(app, options));
  return { stop: () => watches.forEach((one) => one.stop()) };
}

function watchApp(
  app: AppForm,
  { apps, cluster, informers, clock, onError }: HotReloadOptions,
): { stop(): void } {
  const pods = informerOf(informers, POD);
  const { directory, dev } = app;
  const paths = dev.watch?.map((path) => resolve(directory, path)) ?? [directory];
  return watchFolders(paths, clock, (path) => {
    const message = `${path.slice(directory.length + 1) || path} has changed`;
    const own = pods
      .list(app.app.namespace)
      .filter((pod) => pod.spec.containers.some((one) => findAppForm(apps, pod, one) === app));
    for (const pod of own) {
      cluster
        .restartProcesses(pod, message)
        .catch((error: unknown) => onError(app.app.name, error));
    }
  });
}
