// How much one server takes on at a time, so that no client can make it hold bodies and watches without end. Requests over
// the limit are told to come back. Mirrors k8s.io/apiserver pkg/server/filters/maxinflight.go; watches, which that filter
// lets pass, are bounded here too.

import { statusError } from "../../kubernetes/index.ts";
import type { UserInfo } from "../../kubernetes/index.ts";
import { ADMIN_GROUP } from "./pki/credentials.ts";

export interface RequestLimits {
  /** Takes a place until the returned function is called. Throws StatusError 429 when there is none. */
  enter(user: UserInfo, place: Place): () => void;
}

/** `stream`: exec, attach, port-forward and proxy, which hold processes and connections besides. */
export type Place = "read" | "write" | "watch" | "stream";

export interface RequestLimitOptions {
  /** Default 400 (`--max-requests-inflight`). */
  readonly readsMax?: number;
  /** Default 200 (`--max-mutating-requests-inflight`). */
  readonly writesMax?: number;
  /** Default 20,000, over all connections and users. */
  readonly watchesMax?: number;
  /** Default 400, over all connections and users. */
  readonly streamsMax?: number;
}

const RETRY_SECONDS = 1;

export function createRequestLimits(options: RequestLimitOptions = {}): RequestLimits {
  const { readsMax = 400, writesMax = 200, watchesMax = 20_000, streamsMax = 400 } = options;
  const places: Readonly<Record<Place, Places>> = {
    read: createPlaces(readsMax),
    write: createPlaces(writesMax),
    watch: createPlaces(watchesMax),
    stream: createPlaces(streamsMax),
  };
  return {
    enter({ groups }, place) {
      const isShort = place === "read" || place === "write";
      // Whoever repairs a flooded cluster must still get in.
      const isPrivileged = isShort && groups.includes(ADMIN_GROUP);
      return places[place].take(isPrivileged);
    },
  };
}

interface Places {
  take(isPrivileged: boolean): () => void;
}

function createPlaces(max: number): Places {
  let taken = 0;
  return {
    take(isPrivileged) {
      if (taken >= max && !isPrivileged) throw tooMany();
      taken += 1;
      let isTaken = true;
      return () => {
        if (isTaken) taken -= 1;
        isTaken = false;
      };
    },
  };
}

function tooMany(): Error {
  const message = "Too many requests, please try again later.";
  return statusError("TooManyRequests", message, { retryAfterSeconds: RETRY_SECONDS });
}
