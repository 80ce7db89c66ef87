// Writes the chosen tags into git, behind the markers that name their policies. Mirrors image-automation-controller
// internal/{controller/imageupdateautomation_controller,source/source}.go and pkg/update/setters.go, v1.2.3; markers with `:tag` and
// whole images.

import { formatInstant } from "../../../../core/index.ts";
import type { ControllerFactory, KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";
import { IMAGE_POLICY, type ImagePolicy } from "./image-reflector.ts";
import {
  durationMs,
  GIT_REPOSITORY,
  keyOf,
  splitKey,
  type FluxStatus,
  type Source,
} from "./resources.ts";
import { ready, writeStatus } from "./status.ts";

const AUTOMATION: KindRef = {
  apiVersion: "image.toolkit.fluxcd.io/v1",
  kind: "ImageUpdateAutomation",
};
const MANAGER = "image-automation-controller";
/** Of every success; what was pushed is said by the event alone. */
const UP_TO_DATE = "repository up-to-date";
const DEFAULT_INTERVAL_MS = 300_000;

interface Automation extends KubernetesObject {
  readonly spec: {
    readonly interval?: string;
    readonly suspend?: boolean;
    readonly sourceRef: { readonly name: string; readonly namespace?: string };
    readonly git?: {
      readonly checkout?: { readonly ref: { readonly branch?: string } };
      readonly commit: { readonly messageTemplate?: string };
      readonly push?: { readonly branch?: string };
    };
    readonly update?: { readonly path?: string };
  };
  readonly status?: FluxStatus;
}

export function imageAutomation({
  git,
  imageTags,
}: BehaviourContext): readonly ControllerFactory[] {
  const { commit } = git;
  if (imageTags === undefined || commit === undefined) return [];
  return [
    (context) => {
      const automations = context.informer(AUTOMATION);
      const policies = context.informer(IMAGE_POLICY);
      const sources = context.informer(GIT_REPOSITORY);
      return {
        name: "flux-imageupdateautomation",
        setup(enqueue) {
          automations.onChange((current, old) => {
            const isNews = current?.metadata.generation !== old?.metadata.generation;
            if (current !== undefined && isNews) enqueue(keyOf(current));
          });
          // A tag that a policy chose is news.
          policies.onChange(() => automations.list().forEach((one) => enqueue(keyOf(one))));
        },
        async reconcile(key) {
          const { name, namespace } = splitKey(key);
          const found = automations.get(name, namespace) as Automation | undefined;
          if (found === undefined || found.spec.suspend === true) return;
          const { sourceRef, interval } = found.spec;
          const again = { requeueAfterMs: durationMs(interval, DEFAULT_INTERVAL_MS) };
          const home = sourceRef.namespace ?? namespace;
          const source = sources.get(sourceRef.name, home) as Source | undefined;
          if (source === undefined) return again;
          const tags = chosenTags(policies.list(namespace) as readonly ImagePolicy[]);
          const pushed = await update({ git, commit }, found, source, tags);
          const now = formatInstant(context.clock.now());
          const { api, clock, event } = context;
          const writer = { api, clock, event, manager: MANAGER };
          if (pushed !== undefined) event(found, "Normal", "Succeeded", summaryOf(found, pushed));
          const fields =
            pushed === undefined
              ? {}
              : { lastAutomationRunTime: now, lastPushCommit: pushed.commit, lastPushTime: now };
          await writeStatus(writer, found, ready("True", "Succeeded", UP_TO_DATE), fields);
          return again;
        },
      };
    },
  ];
}

interface Pushed {
  readonly commit: string;
  readonly message: string;
}

/** PushResult.Summary. */
const summaryOf = (found: Automation, { commit, message }: Pushed): string =>
  `pushed commit '${commit.slice(0, 7)}' to branch '${branchOf(found)}'\n${message}`;

const branchOf = ({ spec }: Automation): string =>
  spec.git?.push?.branch ?? spec.git?.checkout?.ref.branch ?? "main";

/** `namespace:policy` → image and tag. */
function chosenTags(policies: readonly ImagePolicy[]): ReadonlyMap<string, ImageRef> {
  return new Map(
    policies.flatMap(({ metadata, status }) =>
      status?.latestRef === undefined
        ? []
        : [[`${metadata.namespace ?? ""}:${metadata.name}`, status.latestRef] as const],
    ),
  );
}

interface ImageRef {
  readonly name: string;
  readonly tag: string;
}

/** What was committed, where there was something to write. */
async function update(
  { git, commit }: { readonly git: BehaviourContext["git"]; readonly commit: Commit },
  found: Automation,
  { spec: { url } }: Source,
  tags: ReadonlyMap<string, ImageRef>,
): Promise<Pushed | undefined> {
  const { checkout, commit: wanted } = found.spec.git ?? {};
  const from = await git.resolve(url, checkout?.ref.branch ?? "main");
  const folder = (found.spec.update?.path ?? "").replace(/^\.?\/?|\/$/g, "");
  const changed = new Map<string, string>();
  const changes: Change[] = [];
  for (const [path, text] of await git.read(url, from, folder)) {
    const next = text.replace(
      MARKED,
      (line, before: string, old: string, gap: string, marker: string) => {
        const value = valueOf(marker, tags);
        const plain = old.replace(/^(["'])(.*)\1$/, "$2");
        if (value === undefined || value === plain) return line;
        changes.push({ from: plain, to: value });
        return `${before}${old.replace(plain, value)}${gap}`;
      },
    );
    if (next !== text) changed.set(path, next);
  }
  if (changed.size === 0) return undefined;
  const message = messageOf(wanted?.messageTemplate, changes);
  return {
    commit: await commit(url, { branch: branchOf(found), files: changed, message }),
    message,
  };
}

type Commit = NonNullable<BehaviourContext["git"]["commit"]>;

interface Change {
  readonly from: string;
  readonly to: string;
}

/** `key: value # {"$imagepolicy": "namespace:policy:tag"}` */
const MARKED =
  /^(\s*(?:- )?[\w.-]+:[ \t]*)(\S+)([ \t]*#[ \t]*\{"\$imagepolicy":[ \t]*"([^"]+)"\}.*)$/gm;

function valueOf(marker: string, tags: ReadonlyMap<string, ImageRef>): string | undefined {
  const [namespace = "", policy = "", part] = marker.split(":");
  const found = tags.get(`${namespace}:${policy}`);
  if (found === undefined) return undefined;
  if (part === "tag") return found.tag;
  return part === "name" ? found.name : `${found.name}:${found.tag}`;
}

/** Of the template only the list of changes; whatever else it asks stays as it stands. */
function messageOf(template: string | undefined, changes: readonly Change[]): string {
  if (template === undefined) return "Update from image update automation";
  const list = changes.map(({ from, to }) => `- ${from} -> ${to}\n`).join("");
  return template.replace(/\{\{ range [\s\S]*\{\{ end -?\}\}/, list).trim();
}
