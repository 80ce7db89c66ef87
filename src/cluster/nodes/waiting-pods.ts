// Pods that cannot start before something else is there, by what they wait for, and what was last said of them.

import type { Pod } from "../../kubernetes/index.ts";
import { objectKey } from "../controllers/object-key.ts";
import type { MissingReference } from "./pod-references.ts";

export interface WaitingPods {
  add(pod: Pod, missing: MissingReference): void;
  remove(uid: string): void;
  /** Keys of the pods that wait for this Secret or ConfigMap. */
  on(object: { readonly kind: string; readonly metadata: Pod["metadata"] }): readonly string[];
  said(uid: string): string | undefined;
  say(uid: string, what: string): void;
}

export function createWaitingPods(): WaitingPods {
  const byReference = new Map<string, Map<string, string>>();
  const references = new Map<string, string>();
  const last = new Map<string, string>();
  const remove = (uid: string): void => {
    const reference = references.get(uid);
    references.delete(uid);
    last.delete(uid);
    if (reference !== undefined) byReference.get(reference)?.delete(uid);
  };
  return {
    add(pod, { reference: { kind, name } }) {
      const uid = pod.metadata.uid ?? "";
      const reference = `${kind}/${pod.metadata.namespace}/${name}`;
      if (references.get(uid) === reference) return;
      remove(uid);
      references.set(uid, reference);
      const there = byReference.get(reference) ?? new Map<string, string>();
      byReference.set(reference, there.set(uid, objectKey(pod)));
    },
    remove,
    on: ({ kind, metadata }) => [
      ...(byReference.get(`${kind}/${metadata.namespace}/${metadata.name}`)?.values() ?? []),
    ],
    said: (uid) => last.get(uid),
    say: (uid, what) => void last.set(uid, what),
  };
}
