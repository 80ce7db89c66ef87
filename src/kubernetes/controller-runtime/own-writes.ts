// A KubeApi whose answers also reach the shared informers, so that a controller never acts on a cache that is
// older than its own last write. Adds the default field manager.

import type { KindRef } from "../gvk.ts";
import type { KubeApi } from "../kube-api.ts";
import type { KubernetesObject } from "../object.ts";
import type { SharedInformer } from "./informer.ts";

export interface OwnWritesOptions {
  readonly api: KubeApi;
  /** The running informer of a kind, if anybody has asked for one. */
  informerOf(kind: KindRef): SharedInformer | undefined;
  readonly fieldManager: string;
}

export function withOwnWrites({ api, informerOf, fieldManager }: OwnWritesOptions): KubeApi {
  const observed = (object: KubernetesObject): KubernetesObject => {
    // Answers of subresources such as Scale and Binding are of another kind and fall through here.
    informerOf(object)?.observe(object);
    return object;
  };
  const answered = async (
    pending: Promise<KubernetesObject>,
    options: { readonly dryRun?: boolean | undefined } | undefined,
  ): Promise<KubernetesObject> => {
    const object = await pending;
    return options?.dryRun === true ? object : observed(object);
  };
  return {
    get: (ref, options) => api.get(ref, options),
    list: (kind, options) => api.list(kind, options),
    watch: (kind, options, onEvent) => api.watch(kind, options, onEvent),
    discovery: () => api.discovery(),
    create: (object, options) =>
      answered(api.create(object, { fieldManager, ...options }), options),
    update: (object, options) =>
      answered(api.update(object, { fieldManager, ...options }), options),
    patch: (ref, patch, options) =>
      answered(api.patch(ref, patch, { fieldManager, ...options }), options),
    apply: (object, options) => answered(api.apply(object, options), options),
    async delete(ref, options) {
      const informer = informerOf(ref);
      const uid =
        options?.preconditions?.uid ?? informer?.get(ref.name, ref.namespace)?.metadata.uid;
      const left = await api.delete(ref, options);
      if (options?.dryRun === true) return left;
      if (left !== undefined) observed(left);
      else if (uid !== undefined) informer?.observeDeleted(ref.name, ref.namespace, uid);
      return left;
    },
  };
}
