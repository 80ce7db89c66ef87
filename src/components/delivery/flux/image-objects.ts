// What writes new tags into git: for every app with `updates` where its image lies and which tags count, and once a cluster who
// commits them. Fields: fluxcd.io/flux/components/image/{imagerepositories,imagepolicies,imageupdateautomations}, v1 at v2.8.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedApp, PlannedCluster, PlannedUpdates } from "../../../model/index.ts";
import type { FluxImageUpdatesOptions, FluxOptions } from "./options.ts";
import { FLUX_NAMESPACE } from "./surface.ts";
import { duration, GIT_SOURCE, object } from "./sync-objects.ts";

const IMAGE = "image.toolkit.fluxcd.io/v1";

/** Names the cluster too: every cluster reads the whole tree, and writes only behind its own marker. */
const policyName = ({ target }: PlannedCluster, { name }: PlannedApp): string =>
  `${name}-${target}`;

/** Behind a tag: fluxcd.io/flux/guides/image-update, "Configure image update for custom resources". */
export function tagMarker(cluster: PlannedCluster, app: PlannedApp): string {
  return `{"$imagepolicy": "${FLUX_NAMESPACE}:${policyName(cluster, app)}:tag"}`;
}

export function imageObjects(cluster: PlannedCluster, options: FluxOptions): KubernetesObject[] {
  const { imageUpdates } = options;
  const updated = cluster.apps.flatMap((app) =>
    app.updates === undefined ? [] : [{ app, updates: app.updates }],
  );
  if (imageUpdates === undefined || updated.length === 0) return [];
  return [
    ...updated.flatMap(({ app, updates }) => watched(cluster, app, updates, imageUpdates)),
    automation(cluster, options, imageUpdates),
  ];
}

function watched(
  cluster: PlannedCluster,
  app: PlannedApp,
  { repository, semver }: PlannedUpdates,
  { interval, registryCredentials }: FluxImageUpdatesOptions,
): KubernetesObject[] {
  const { platform } = cluster;
  const name = policyName(cluster, app);
  return [
    object(platform, IMAGE, "ImageRepository", name, {
      image: withRegistry(repository),
      interval: duration(interval),
      ...(registryCredentials === undefined ? {} : { secretRef: { name: registryCredentials } }),
    }),
    object(platform, IMAGE, "ImagePolicy", name, {
      imageRepositoryRef: { name },
      policy: { semver: { range: semver } },
    }),
  ];
}

function automation(
  { platform, target }: PlannedCluster,
  { branch }: FluxOptions,
  { interval, author, push = branch }: FluxImageUpdatesOptions,
): KubernetesObject {
  return object(platform, IMAGE, "ImageUpdateAutomation", "flux-system", {
    interval: duration(interval),
    sourceRef: GIT_SOURCE,
    git: {
      checkout: { ref: { branch } },
      commit: { author, messageTemplate: MESSAGE.replace("TARGET", target) },
      push: { branch: push },
    },
    update: { path: "./apps", strategy: "Setters" },
  });
}

/** Names every change; `.Updated` and `.Changed.ImageResult` left in Flux 2.7. */
const MESSAGE = `Update images on TARGET

{{ range .Changed.Changes -}}
- {{ .OldValue }} -> {{ .NewValue }}
{{ end -}}
`;

/** Flux takes no short names: `nginx` is `docker.io/library/nginx`. */
function withRegistry(repository: string): string {
  const [first = "", ...rest] = repository.split("/");
  if (rest.length === 0) return `docker.io/library/${repository}`;
  return /[.:]|^localhost$/.test(first) ? repository : `docker.io/${repository}`;
}
