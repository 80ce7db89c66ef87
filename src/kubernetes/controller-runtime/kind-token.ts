// A kind together with the shape its objects have, so that one line narrows an informer for a whole controller.

import type { ControllerContext, Informer } from "../controller.ts";
import type { KindRef } from "../gvk.ts";
import type { KubernetesObject } from "../object.ts";

/** Names a kind and remembers the type of its objects; the type exists only for the compiler. */
export interface KindToken<T extends KubernetesObject> extends KindRef {
  readonly shape?: T;
}

/** An informer whose objects have a known shape. */
export interface TypedInformer<T extends KubernetesObject> {
  list(namespace?: string): readonly T[];
  get(name: string, namespace?: string): T | undefined;
  ownedBy(uid: string): readonly T[];
  onChange(handler: (current: T | undefined, old: T | undefined) => void): void;
}

/** The shared informer of a kind, seen through the kind's shape. */
export function informerOf<T extends KubernetesObject>(
  context: Pick<ControllerContext, "informer">,
  { apiVersion, kind }: KindToken<T>,
): TypedInformer<T> {
  const informer: Informer = context.informer({ apiVersion, kind });
  // The API server validated these objects against the kind's schema; this is where that is believed.
  return informer as unknown as TypedInformer<T>;
}
