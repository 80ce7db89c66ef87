// Looks for tags of images and chooses the newest that a policy takes. Mirrors image-reflector-controller internal/controller/
// {imagerepository,imagepolicy}_controller.go and internal/policy/semver.go, v1.2; policies by versions only, of all tags.

import { formatInstant, hash32 } from "../../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  KindRef,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";
import { durationMs, keyOf, splitKey, type FluxStatus } from "./resources.ts";
import { compareVersions, parseRange, parseVersion } from "./semver-range.ts";
import { ready, writeStatus, type Finding } from "./status.ts";

export const IMAGE_POLICY: KindRef = {
  apiVersion: "image.toolkit.fluxcd.io/v1",
  kind: "ImagePolicy",
};
const IMAGE_REPOSITORY: KindRef = {
  apiVersion: "image.toolkit.fluxcd.io/v1",
  kind: "ImageRepository",
};
const MANAGER = "image-reflector-controller";
const DEFAULT_INTERVAL_MS = 300_000;
/** How many of the newest the status shows: latestTagsCount. */
const SHOWN_TAGS = 10;
/** `--requeue-dependency`. */
const DEPENDENCY_MS = 30_000;

interface ImageRepository extends KubernetesObject {
  readonly spec: { readonly image: string; readonly interval?: string };
  readonly status?: FluxStatus & {
    readonly lastScanResult?: { readonly revision?: string; readonly tagCount?: number };
  };
}

export interface ImagePolicy extends KubernetesObject {
  readonly spec: {
    readonly imageRepositoryRef: { readonly name: string; readonly namespace?: string };
    readonly policy: { readonly semver?: { readonly range: string } };
  };
  readonly status?: FluxStatus & {
    readonly latestRef?: TagRef;
    readonly observedPreviousRef?: TagRef;
  };
}

interface TagRef {
  readonly name: string;
  readonly tag: string;
}

/** What the two share: the tags of the last scan. */
type Scans = Map<string, readonly string[]>;

export function imageReflectors(behaviour: BehaviourContext): readonly ControllerFactory[] {
  const { imageTags } = behaviour;
  // Nobody answers for registries here: the objects stay as they are.
  if (imageTags === undefined) return [];
  const scans: Scans = new Map();
  return [scanner(imageTags, scans), chooser(scans)];
}

function scanner(
  imageTags: NonNullable<BehaviourContext["imageTags"]>,
  scans: Scans,
): ControllerFactory {
  return (context) => {
    const repositories = context.informer(IMAGE_REPOSITORY);
    return {
      name: "flux-imagerepository",
      setup: (enqueue) =>
        repositories.onChange((current, old) => {
          const isNews = current?.metadata.generation !== old?.metadata.generation;
          if (current !== undefined && isNews) enqueue(keyOf(current));
        }),
      async reconcile(key) {
        const { name, namespace } = splitKey(key);
        const found = repositories.get(name, namespace) as ImageRepository | undefined;
        if (found === undefined) return void scans.delete(key);
        const { image, interval } = found.spec;
        try {
          scans.set(key, await imageTags(image));
          await report(context, found, scans.get(key) ?? []);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          await write(context, found, ready("False", "ReadOperationFailed", reason));
        }
        return { requeueAfterMs: durationMs(interval, DEFAULT_INTERVAL_MS) };
      },
    };
  };
}

function report(
  context: ControllerContext,
  found: ImageRepository,
  tags: readonly string[],
): Promise<void> {
  const revision = hash32(tags.toSorted().join("\n")).toString(16);
  const known = found.status?.lastScanResult;
  const newest = tags.toSorted().toReversed().slice(0, SHOWN_TAGS);
  const scan =
    known?.revision === revision
      ? known
      : {
          revision,
          scanTime: formatInstant(context.clock.now()),
          tagCount: tags.length,
          latestTags: newest,
        };
  const message = `successful scan: found ${tags.length} tags with checksum ${revision}`;
  return write(context, found, ready("True", "Succeeded", message), {
    canonicalImageName: found.spec.image,
    lastScanResult: scan,
  });
}

function chooser(scans: Scans): ControllerFactory {
  return (context) => {
    const repositories = context.informer(IMAGE_REPOSITORY);
    const policies = context.informer(IMAGE_POLICY);
    return {
      name: "flux-imagepolicy",
      setup(enqueue) {
        policies.onChange((current, old) => {
          const isNews = current?.metadata.generation !== old?.metadata.generation;
          if (current !== undefined && isNews) enqueue(keyOf(current));
        });
        repositories.onChange(() => policies.list().forEach((one) => enqueue(keyOf(one))));
      },
      async reconcile(key) {
        const { name, namespace } = splitKey(key);
        const found = policies.get(name, namespace) as ImagePolicy | undefined;
        if (found === undefined) return undefined;
        const { imageRepositoryRef: ref } = found.spec;
        const home = `${ref.namespace ?? namespace}/${ref.name}`;
        const source = repositories.get(ref.name, ref.namespace ?? namespace) as
          | ImageRepository
          | undefined;
        const tags = scans.get(home) ?? [];
        if (source === undefined || tags.length === 0) {
          const message =
            source === undefined
              ? `failed to get the referred ImageRepository: referenced ImageRepository does not exist: imagerepositories.image.toolkit.fluxcd.io "${ref.name}" not found`
              : `retrying in ${DEPENDENCY_MS / 1000}s error: no tags in database`;
          await write(context, found, ready("False", "DependencyNotReady", message));
          return { requeueAfterMs: DEPENDENCY_MS };
        }
        await choose(context, found, source.spec.image, tags);
        return undefined;
      },
    };
  };
}

async function choose(
  context: ControllerContext,
  found: ImagePolicy,
  image: string,
  tags: readonly string[],
): Promise<void> {
  const { range } = found.spec.policy.semver ?? {};
  const takes = range === undefined ? undefined : parseRange(range);
  if (takes === undefined) {
    const message = `policies other than versions, and the range '${range ?? ""}', are not simulated`;
    return write(context, found, ready("False", "InvalidPolicy", message));
  }
  const versions = tags.flatMap((tag) => parseVersion(tag) ?? []).filter(takes);
  const tag = versions.toSorted(compareVersions).at(-1)?.text;
  if (tag === undefined) {
    const message = "unable to determine latest version from provided list";
    return write(context, found, ready("False", "Failure", message));
  }
  const { latestRef, observedPreviousRef } = found.status ?? {};
  const isNew = latestRef?.name !== image || latestRef.tag !== tag;
  const previous = isNew ? latestRef : observedPreviousRef;
  const message =
    `Latest image tag for ${image} resolved to ${tag}` +
    (previous === undefined ? "" : ` (previously ${previous.name}:${previous.tag})`);
  if (isNew) context.event(found, "Normal", "Succeeded", message);
  await write(context, found, ready("True", "Succeeded", message), {
    latestRef: { name: image, tag },
    ...(previous === undefined ? {} : { observedPreviousRef: previous }),
  });
}

function write(
  { api, clock, event }: ControllerContext,
  object: KubernetesObject,
  findings: readonly Finding[],
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  return writeStatus({ api, clock, event, manager: MANAGER }, object, findings, fields);
}
