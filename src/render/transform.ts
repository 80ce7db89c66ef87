// What a kustomization does to every object: namespace, labels, annotations, replicas, images. Field tables after kustomize
// api/internal/konfig/builtinpluginconsts of v5.5.0.

import { isRecord } from "../core/index.ts";
import type { ImageEntry, LabelsEntry, ReplicasEntry } from "./kustomization.ts";
import { isClusterScoped } from "./kustomize-kinds.ts";
import { idOf, idsOf, recordAt, type Resource, type ResourceObject } from "./resource.ts";

type Pairs = Readonly<Record<string, string>>;

/** Where a kind keeps its pods' metadata, by kind; a group restricts it. */
const TEMPLATES: Readonly<
  Record<string, { readonly group?: string; readonly paths: readonly string[] }>
> = {
  Deployment: { paths: ["spec/template"] },
  ReplicaSet: { paths: ["spec/template"] },
  DaemonSet: { paths: ["spec/template"] },
  ReplicationController: { group: "", paths: ["spec/template"] },
  StatefulSet: { group: "apps", paths: ["spec/template"] },
  Job: { group: "batch", paths: ["spec/template"] },
  CronJob: { group: "batch", paths: ["spec/jobTemplate", "spec/jobTemplate/spec/template"] },
};

function templatePaths({ apiVersion, kind }: ResourceObject): readonly (readonly string[])[] {
  const rule = Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined;
  if (rule === undefined) return [];
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  const applies = rule.group === undefined || rule.group === group;
  return applies ? rule.paths.map((path) => path.split("/")) : [];
}

export function addLabels({ object }: Resource, { pairs, includeTemplates }: LabelsEntry): void {
  if (Object.keys(pairs).length === 0) return;
  const places = [[], ...(includeTemplates ? templatePaths(object) : [])];
  for (const place of places) assignAt(object, [...place, "metadata", "labels"], pairs);
}

/** Pod templates get the annotations too. */
export function addAnnotations({ object }: Resource, pairs: Pairs): void {
  if (Object.keys(pairs).length === 0) return;
  for (const place of [[], ...templatePathsOfAnnotations(object)]) {
    assignAt(object, [...place, "metadata", "annotations"], pairs);
  }
}

/** The annotations table names no group for StatefulSets. */
function templatePathsOfAnnotations(object: ResourceObject): readonly (readonly string[])[] {
  return object.kind === "StatefulSet" ? [["spec", "template"]] : templatePaths(object);
}

function assignAt(object: ResourceObject, path: readonly string[], pairs: Pairs): void {
  const record = recordAt(object, path, true);
  if (record !== undefined) Object.assign(record, pairs);
}

/** Sets the namespace of everything that may have one, and of what belongs to it. */
export function setNamespace(resource: Resource, namespace: string): void {
  const { object, previous } = resource;
  const id = idOf(resource);
  if (id.namespace !== namespace && !isClusterScoped(id)) previous.push(id);
  if (!isClusterScoped(id)) object.metadata["namespace"] = namespace;
  if (object.apiVersion === "v1" && object.kind === "Namespace") {
    if (id.name !== namespace) previous.push(id);
    object.metadata.name = namespace;
  }
  if (object.kind === "RoleBinding" || object.kind === "ClusterRoleBinding") {
    for (const subject of subjectsOf(object)) {
      if (subject["name"] === "default") subject["namespace"] = namespace;
    }
  }
  setServiceNamespace(object, namespace);
}

/** API services and conversion webhooks name the namespace of their service. */
function setServiceNamespace(object: ResourceObject, namespace: string): void {
  const group = object.apiVersion.split("/")[0];
  if (group === "apiregistration.k8s.io" && object.kind === "APIService") {
    const service = recordAt(object, ["spec", "service"], true);
    if (service !== undefined) service["namespace"] = namespace;
  }
  if (group === "apiextensions.k8s.io" && object.kind === "CustomResourceDefinition") {
    const path = ["spec", "conversion", "webhook", "clientConfig", "service"];
    const service = recordAt(object, path, false);
    if (service?.["namespace"] !== undefined) service["namespace"] = namespace;
  }
}

function subjectsOf(object: ResourceObject): Record<string, unknown>[] {
  const subjects = object["subjects"];
  return Array.isArray(subjects) ? subjects.filter(isRecord) : [];
}

/**
 * Subjects of role bindings follow the service account of their name to its namespace. As in kustomize, users and groups
 * of that name do too.
 */
export function followServiceAccounts(resources: readonly Resource[]): void {
  const accounts = resources.filter(({ object }) => object.kind === "ServiceAccount");
  for (const { object } of resources) {
    if (object.kind !== "RoleBinding" && object.kind !== "ClusterRoleBinding") continue;
    for (const subject of subjectsOf(object)) {
      const account = accounts.find((candidate) => wasNamed(candidate, subject));
      const namespace = account === undefined ? undefined : idOf(account).namespace;
      if (namespace !== undefined) subject["namespace"] = namespace;
    }
  }
}

function wasNamed(account: Resource, subject: Record<string, unknown>): boolean {
  return idsOf(account).some(({ name, namespace = "default" }) => {
    const inSame = subject["namespace"] === undefined || subject["namespace"] === namespace;
    return name === subject["name"] && inSame;
  });
}

const SCALED: ReadonlySet<string> = new Set([
  "Deployment",
  "ReplicationController",
  "ReplicaSet",
  "StatefulSet",
]);

/** Whether the entry is about this object, whose count is then set. */
export function setReplicas(resource: Resource, { name, count }: ReplicasEntry): boolean {
  if (!SCALED.has(resource.object.kind)) return false;
  if (!idsOf(resource).some((id) => id.name === name)) return false;
  const spec = recordAt(resource.object, ["spec"], true);
  if (spec !== undefined) spec["replicas"] = count;
  return true;
}

/** Every `image` of an item of a list called containers or initContainers, wherever it is. CRDs are left alone. */
export function setImage({ object }: Resource, image: ImageEntry): void {
  if (object.kind === "CustomResourceDefinition") return;
  const pattern = new RegExp(`^${image.name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
  visitContainers(object, (container) => {
    const { image: text } = container;
    if (typeof text === "string" && pattern.test(text))
      container["image"] = replaceImage(text, image);
  });
}

function visitContainers(
  value: unknown,
  visit: (container: Record<string, unknown>) => void,
): void {
  if (Array.isArray(value)) for (const item of value) visitContainers(item, visit);
  if (!isRecord(value)) return;
  for (const [key, child] of Object.entries(value)) {
    visitContainers(child, visit);
    if (key !== "containers" && key !== "initContainers") continue;
    if (Array.isArray(child)) child.filter(isRecord).forEach(visit);
  }
}

/** A new tag or digest replaces both old ones. */
function replaceImage(text: string, { newName, newTag, digest }: ImageEntry): string {
  const old = splitImage(text);
  const name = newName ?? old.name;
  const keep = newTag === undefined && digest === undefined;
  const tag = keep ? old.tag : newTag;
  const sum = keep ? old.digest : digest;
  return `${name}${tag ? `:${tag}` : ""}${sum ? `@${sum}` : ""}`;
}

/** `host:5000/name:tag@digest`; a colon before the first slash belongs to the host. */
function splitImage(text: string): {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
} {
  const slash = Math.max(0, text.indexOf("/"));
  const [path = "", digest = ""] = text.slice(slash).split(/@(.*)/s);
  const [name = "", tag = ""] = path.split(/:(.*)/s);
  return { name: text.slice(0, slash) + name, tag, digest };
}
