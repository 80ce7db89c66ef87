// Empties a namespace that is being deleted, pods first, and then lets it go.
// Mirrors pkg/controller/namespace/deletion/namespaced_resources_deleter.go (ordered deletion, GA in 1.34).

import { formatInstant } from "../../core/index.ts";
import { informerOf, isNotFound, isTerminating, POD, refOf } from "../../kubernetes/index.ts";
import type {
  Condition,
  Controller,
  ControllerContext,
  DiscoveredResource,
  KubernetesObject,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { withCondition } from "./conditions.ts";
import { NAMESPACE } from "./namespace-kinds.ts";
import type { Namespace } from "./namespace-kinds.ts";
import { writeStatus } from "./write-status.ts";

const FINALIZER = "kubernetes";
/** How soon to look again at content that is still ending; changes of pods wake it earlier. */
const RETRY_MS = 1000;

interface Remaining {
  /** Resource as `pods.` or `deployments.apps` → how many are left. */
  readonly counts: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

export function namespaceController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const namespaces = informerOf(context, NAMESPACE);
  const pods = informerOf(context, POD);

  const contentOf = async (
    namespace: string,
    resource: DiscoveredResource,
  ): Promise<readonly KubernetesObject[]> => {
    const { apiVersion, kind } = resource;
    try {
      return (await api.list({ apiVersion, kind }, { namespace })).items;
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  };
  /** Deletes everything of the given kinds and answers what is still there. */
  const deleteContent = async (
    namespace: string,
    resources: readonly DiscoveredResource[],
  ): Promise<Remaining> => {
    const counts = new Map<string, number>();
    const finalizers = new Map<string, number>();
    const failures: string[] = [];
    for (const resource of resources) {
      const items = await contentOf(namespace, resource);
      if (items.length === 0) continue;
      await Promise.all(
        items
          .filter((item) => !isTerminating(item))
          .map((item) =>
            api.delete(refOf(item), { propagationPolicy: "Background" }).catch((error: unknown) => {
              if (!isNotFound(error))
                failures.push(error instanceof Error ? error.message : String(error));
            }),
          ),
      );
      const left = await contentOf(namespace, resource);
      if (left.length > 0) counts.set(resourceName(resource), left.length);
      for (const item of left) {
        for (const name of item.metadata.finalizers ?? []) {
          finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
        }
      }
    }
    return { counts, finalizers, failures };
  };

  const terminate = async (namespace: Namespace): Promise<ReconcileResult | void> => {
    if (!namespace.spec?.finalizers?.includes(FINALIZER)) return undefined;
    const { name } = namespace.metadata;
    const served = dedupe((await api.discovery()).filter(isDeletable));
    const podKinds = served.filter(
      ({ resource, apiVersion }) => resource === "pods" && apiVersion === "v1",
    );
    const first = await deleteContent(name, podKinds);
    const rest = served.filter((resource) => !podKinds.includes(resource));
    const remaining = first.counts.size > 0 ? first : await deleteContent(name, rest);
    await writeConditions(namespace, remaining);
    const blocked = remaining.counts.size > 0 || remaining.failures.length > 0;
    if (blocked) return { requeueAfterMs: RETRY_MS };
    await finalize(namespaces.get(name) ?? namespace);
    return undefined;
  };
  const writeConditions = async (namespace: Namespace, remaining: Remaining): Promise<void> => {
    let conditions: readonly Condition[] = namespace.status?.conditions ?? [];
    const at = formatInstant(clock.now());
    for (const condition of deletionConditions(remaining)) {
      conditions = withCondition(conditions, condition, at);
    }
    await writeStatus(context, namespace, {
      ...namespace.status,
      phase: "Terminating",
      conditions,
    });
  };
  const finalize = async (namespace: Namespace): Promise<void> => {
    const finalizers = namespace.spec?.finalizers?.filter((name) => name !== FINALIZER) ?? [];
    const next = { ...namespace, spec: finalizers.length === 0 ? {} : { finalizers } };
    try {
      await api.update(next, { subresource: "finalize" });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };

  return {
    name: "namespace-controller",
    setup(enqueue) {
      namespaces.onChange((current) => {
        if (current !== undefined && isTerminating(current)) enqueue(current.metadata.name);
      });
      pods.onChange((current, old) => {
        const name = old?.metadata.namespace;
        if (current !== undefined || name === undefined) return;
        const namespace = namespaces.get(name);
        if (namespace !== undefined && isTerminating(namespace)) enqueue(name);
      });
    },
    async reconcile(key) {
      const namespace = namespaces.get(key);
      if (namespace === undefined || !isTerminating(namespace)) return undefined;
      return terminate(namespace);
    },
  };
}

function isDeletable({ namespaced, verbs }: DiscoveredResource): boolean {
  return namespaced && verbs.includes("list") && verbs.includes("delete");
}

function resourceName({ resource, apiVersion }: DiscoveredResource): string {
  const slash = apiVersion.indexOf("/");
  return `${resource}.${slash < 0 ? "" : apiVersion.slice(0, slash)}`;
}

/** One version of every resource: all versions are the same objects. */
function dedupe(resources: readonly DiscoveredResource[]): readonly DiscoveredResource[] {
  const seen = new Map<string, DiscoveredResource>();
  for (const resource of resources) {
    if (!seen.has(resourceName(resource))) seen.set(resourceName(resource), resource);
  }
  return [...seen.values()];
}

function deletionConditions({ counts, finalizers, failures }: Remaining): readonly Condition[] {
  const holds = (type: string, reason: string, message: string): Condition => ({
    type,
    status: "True",
    reason,
    message,
  });
  const fine = (type: string, reason: string, message: string): Condition => ({
    type,
    status: "False",
    reason,
    message,
  });
  const listed = (left: ReadonlyMap<string, number>, verb: string): string =>
    [...left.keys()]
      .toSorted()
      .map((name) => `${name} ${verb} ${left.get(name)} resource instances`)
      .join(", ");
  return [
    fine(
      "NamespaceDeletionDiscoveryFailure",
      "ResourcesDiscovered",
      "All resources successfully discovered",
    ),
    fine(
      "NamespaceDeletionGroupVersionParsingFailure",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    failures.length > 0
      ? holds(
          "NamespaceDeletionContentFailure",
          "ContentDeletionFailed",
          `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(", ")}`,
        )
      : fine(
          "NamespaceDeletionContentFailure",
          "ContentDeleted",
          "All content successfully deleted, may be waiting on finalization",
        ),
    counts.size > 0
      ? holds(
          "NamespaceContentRemaining",
          "SomeResourcesRemain",
          `Some resources are remaining: ${listed(counts, "has")}`,
        )
      : fine("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
    finalizers.size > 0
      ? holds(
          "NamespaceFinalizersRemaining",
          "SomeFinalizersRemain",
          `Some content in the namespace has finalizers remaining: ${listed(finalizers, "in")}`,
        )
      : fine(
          "NamespaceFinalizersRemaining",
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
        ),
  ];
}
