// Who may call whom through a mesh, decided from the objects it was given: what its proxies would do with a connection. No
// proxy runs anywhere for this; it is a reading of the objects, for checks and for people who ask.

/** A connection to one port of a member, or the first request on it. */
export interface MeshRequest {
  /** Who the caller proves to be; absent: plain text. */
  readonly identity?: { readonly namespace: string; readonly serviceAccount: string };
  /** Where it comes from. */
  readonly address: string;
  readonly to: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly port: number;
  /** Absent: no HTTP. */
  readonly http?: { readonly method: string; readonly path: string };
}

/** `transport`: the connection is closed before anything is read. `policy`: 403, or closed where there is no HTTP. */
export type MeshDecision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly by: "transport" | "policy"; readonly reason: string };

export type MeshDecider = (request: MeshRequest) => MeshDecision;
