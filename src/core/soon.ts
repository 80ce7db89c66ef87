// A value that is nearly always there at once. Waiting for what is there costs a promise and a turn of the queue, and every
// write of a cluster would pay for a dozen of them.

/** `await` takes both. */
export type Soon<T> = T | Promise<T>;

/** Goes on with the value, at once when it is there. What `next` throws then is thrown here. */
export function andThen<T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Does the work; when it fails, at once or later, `undo` runs before anybody hears of it. */
export function orUndo<T>(work: () => Soon<T>, undo: () => void): Soon<T> {
  const fail = (error: unknown): never => {
    undo();
    throw error;
  };
  try {
    const result = work();
    return result instanceof Promise ? result.catch(fail) : result;
  } catch (error) {
    return fail(error);
  }
}
