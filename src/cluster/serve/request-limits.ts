// How much one server takes on at a time, so that no client can make it hold bodies and watches without end, and none can take
// the places of all others. Requests over the limit are told to come back. Mirrors k8s.io/apiserver pkg/server/filters/maxinflight.go; watches, which that filter
// lets pass, are bounded here too.

import { statusError } from "../../kubernetes/index.ts";
import type { UserInfo } from "../../kubernetes/index.ts";
import { ADMIN_GROUP } from "./pki/credentials.ts";

export interface RequestLimits {
  /** Takes a place until the returned function is called. Throws StatusError 429 when there is none. */
  enter(user: UserInfo, place: Place): () => void;
  /** How many of a kind are taken now. */
  taken(place: Place): number;
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
  /** What one user may have of each, administrators' reads and writes apart; default 0.5. */
  readonly userShare?: number;
}

const RETRY_SECONDS = 1;

export function createRequestLimits(options: RequestLimitOptions = {}): RequestLimits {
  const { readsMax = 400, writesMax = 200, watchesMax = 20_000, streamsMax = 400 } = options;
  const { userShare = 0.5 } = options;
  const places: Readonly<Record<Place, Places>> = {
    read: createPlaces(readsMax, userShare),
    write: createPlaces(writesMax, userShare),
    watch: createPlaces(watchesMax, userShare),
    stream: createPlaces(streamsMax, userShare),
  };
  return {
    enter({ name, groups }, place) {
      const isShort = place === "read" || place === "write";
      // Whoever repairs a flooded cluster must still get in.
      const isPrivileged = isShort && groups.includes(ADMIN_GROUP);
      return places[place].take(name, isPrivileged);
    },
    taken: (place) => places[place].taken(),
  };
}

interface Places {
  taken(): number;
  take(user: string, isPrivileged: boolean): () => void;
}

function createPlaces(max: number, share: number): Places {
  const ofUserMax = Math.ceil(max * share);
  const byUser = new Map<string, number>();
  let taken = 0;
  return {
    taken: () => taken,
    take(user, isPrivileged) {
      const ofUser = byUser.get(user) ?? 0;
      if ((taken >= max || ofUser >= ofUserMax) && !isPrivileged) throw tooManyRequests();
      taken += 1;
      byUser.set(user, ofUser + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        taken -= 1;
        const left = (byUser.get(user) ?? 1) - 1;
        if (left === 0) byUser.delete(user);
        else byUser.set(user, left);
      };
    },
  };
}

export function tooManyRequests(): Error {
  const message = "Too many requests, please try again later.";
  return statusError("TooManyRequests", message, { retryAfterSeconds: RETRY_SECONDS });
}
