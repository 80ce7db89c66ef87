// Does something many times in batches of 1, 2, 4 … and stops at the first batch with a failure, so that a
// refusal costs few requests. Mirrors slowStartBatch in pkg/controller/replicaset/replica_set.go.

export interface BatchOutcome {
  readonly successes: number;
  /** The first error; undefined when everything was done. */
  readonly error: unknown;
}

export async function slowStart(
  count: number,
  run: (index: number) => Promise<unknown>,
): Promise<BatchOutcome> {
  let successes = 0;
  for (let done = 0, size = 1; done < count; size *= 2) {
    const batch = Math.min(size, count - done);
    const results = await Promise.allSettled(
      Array.from({ length: batch }, (_, index) => run(done + index)),
    );
    const failed = results.find((result) => result.status === "rejected");
    successes += results.filter((result) => result.status === "fulfilled").length;
    if (failed !== undefined) return { successes, error: failed.reason };
    done += batch;
  }
  return { successes, error: undefined };
}
