// What Helm remembers of a release: a Secret for each revision, the last one deployed, the ones before it superseded. Mirrors
// helm.sh/helm pkg/storage/driver/{secrets,util}.go and pkg/release; documents of the manifest are JSON, which is YAML too, and
// charts are named without their files. Held against Helm 4.2 in both directions by `make conformance` (helm releases).

import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";

import { canonicalJson, formatInstant } from "../../../../core/index.ts";
import type { KubernetesObject } from "../../../../kubernetes/index.ts";
import { refOf } from "../../../../kubernetes/index.ts";
import type { Writer } from "./status.ts";

export interface Released {
  readonly name: string;
  /** Where its objects go, and where it is remembered. */
  readonly namespace: string;
  readonly storage: string;
  readonly chart: { readonly name: string; readonly version: string };
  readonly values: Readonly<Record<string, unknown>>;
}

type Status = "deployed" | "failed" | "superseded";

interface Release {
  readonly name: string;
  readonly info: {
    readonly first_deployed: string;
    readonly last_deployed: string;
    readonly deleted?: string;
    readonly description: string;
    readonly status: Status;
  };
  readonly chart: { readonly metadata: Readonly<Record<string, string>> };
  /** Absent where Helm was given no values. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly manifest: string;
  readonly version: number;
  readonly namespace: string;
}

const SECRET = { apiVersion: "v1", kind: "Secret" } as const;
const TYPE = "helm.sh/release.v1";
/** `spec.maxHistory` of a HelmRelease, default 5. */
const HISTORY_MAX = 5;

/** Remembers what was installed or upgraded, once; `status.history` of its HelmRelease, newest first. */
export async function recordRelease(
  writer: Writer,
  released: Released,
  objects: readonly KubernetesObject[],
  status: Exclude<Status, "superseded">,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const known = await releasesOf(writer, released);
  const last = known.at(-1)?.release;
  const manifest = manifestOf(objects);
  const isSame =
    last?.manifest === manifest &&
    last.info.status === status &&
    last.chart.metadata["version"] === released.chart.version;
  if (isSame) return historyOf(known.map(({ release }) => release));
  const now = formatInstant(writer.clock.now());
  const next: Release = {
    name: released.name,
    info: {
      first_deployed: last?.info.first_deployed ?? now,
      last_deployed: now,
      deleted: "",
      description: descriptionOf(last, status),
      status,
    },
    chart: { metadata: { ...released.chart, apiVersion: "v2" } },
    config: released.values,
    manifest,
    version: (last?.version ?? 0) + 1,
    namespace: released.namespace,
  };
  await writer.api.create(secretOf(next, released.storage, writer), { fieldManager: "helm" });
  const before: Kept[] = [];
  for (const one of known)
    before.push(status === "deployed" ? await supersede(writer, one, released.storage) : one);
  for (const { secret } of before.slice(0, Math.max(0, before.length + 1 - HISTORY_MAX)))
    await writer.api.delete(refOf(secret));
  return historyOf([...before.map(({ release }) => release), next].slice(-HISTORY_MAX));
}

/** Helm uninstall without `--keep-history`. */
export async function forgetRelease(
  { api }: Pick<Writer, "api">,
  released: Pick<Released, "name" | "storage">,
): Promise<void> {
  for (const { secret } of await releasesOf({ api }, released)) await api.delete(refOf(secret));
}

interface Kept {
  readonly secret: KubernetesObject;
  readonly release: Release;
}

/** Oldest first. */
async function releasesOf(
  { api }: Pick<Writer, "api">,
  { name, storage }: Pick<Released, "name" | "storage">,
): Promise<readonly Kept[]> {
  const { items } = await api.list(SECRET, {
    namespace: storage,
    labelSelector: `owner=helm,name=${name}`,
  });
  return items
    .map((secret) => ({ secret, release: decode(secret) }))
    .toSorted((a, b) => a.release.version - b.release.version);
}

const descriptionOf = (last: Release | undefined, status: Status): string => {
  const [action, Action] = last === undefined ? ["install", "Install"] : ["upgrade", "Upgrade"];
  return status === "deployed" ? `${Action} complete` : `Release failed to ${action} in time`;
};

async function supersede(
  writer: Pick<Writer, "api" | "clock">,
  kept: Kept,
  storage: string,
): Promise<Kept> {
  if (kept.release.info.status !== "deployed") return kept;
  const info = { ...kept.release.info, status: "superseded" as const };
  const release = { ...kept.release, info };
  const { data, metadata } = secretOf(release, storage, writer) as KubernetesObject & {
    readonly data: object;
  };
  const body = { data, metadata: { labels: metadata.labels } };
  const options = { fieldManager: "helm" };
  const secret = await writer.api.patch(refOf(kept.secret), { type: "merge", body }, options);
  return { secret, release };
}

function secretOf(
  release: Release,
  namespace: string,
  { clock }: Pick<Writer, "clock">,
): KubernetesObject {
  const packed = gzipSync(JSON.stringify(release)).toString("base64");
  return {
    ...SECRET,
    metadata: {
      name: `sh.helm.release.v1.${release.name}.v${release.version}`,
      namespace,
      labels: {
        modifiedAt: String(Math.floor(clock.now() / 1000)),
        name: release.name,
        owner: "helm",
        status: release.info.status,
        version: String(release.version),
      },
    },
    type: TYPE,
    // Helm's own base64 within that of the API.
    data: { release: Buffer.from(packed).toString("base64") },
  };
}

function decode(secret: KubernetesObject): Release {
  const { release = "" } = (secret["data"] ?? {}) as { readonly release?: string };
  const packed = Buffer.from(Buffer.from(release, "base64").toString("utf8"), "base64");
  // Only Helm writes under its labels.
  return JSON.parse(gunzipSync(packed).toString("utf8")) as Release;
}

/** Definitions of kinds lie in the chart's `crds` folder, which is no part of it. */
const manifestOf = (objects: readonly KubernetesObject[]): string =>
  objects
    .filter(({ kind }) => kind !== "CustomResourceDefinition")
    .map((object) => `---\n${JSON.stringify(object)}\n`)
    .join("");

const digestOf = (value: unknown): string =>
  `sha256:${createHash("sha256").update(canonicalJson(value)).digest("hex")}`;

function historyOf(releases: readonly Release[]): readonly Readonly<Record<string, unknown>>[] {
  return releases
    .toReversed()
    .map(({ name, namespace, version, info, chart, config, manifest }) => ({
      name,
      namespace,
      version,
      status: info.status,
      chartName: chart.metadata["name"],
      chartVersion: chart.metadata["version"],
      configDigest: digestOf(config ?? {}),
      digest: digestOf(manifest),
      firstDeployed: info.first_deployed,
      lastDeployed: info.last_deployed,
    }));
}
