// Reads show writes before they are durable, so an answer waits until they are: nobody is told of a state that a power cut
// could still undo. etcd's linearizable reads promise the same.

import type { Soon } from "../../../core/index.ts";
import type { ApiContext } from "../api-context.ts";

/** Undefined when everything read so far is durable already, which it always is in memory. */
export function untilDurable({ store }: ApiContext): Promise<void> | undefined {
  return store.settledRevision >= store.revision ? undefined : store.settled();
}

/** The answer to a write, when it may be given. */
export function onceDurable<T>(api: ApiContext, answer: T): Soon<T> {
  const waiting = untilDurable(api);
  return waiting === undefined ? answer : waiting.then(() => answer);
}
