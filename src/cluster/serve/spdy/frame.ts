// Frames of SPDY/3.1 as values. Mirrors draft-mbelshe-httpbis-spdy-00 section 2 as far as Kubernetes' clients speak it:
// they keep no windows and agree on no settings, so those frames are read and forgotten.

export type HeaderBlock = ReadonlyMap<string, string>;

export type Frame =
  | {
      readonly kind: "syn-stream" | "syn-reply" | "headers";
      readonly streamId: number;
      /** The sender has nothing more to say on this stream. */
      readonly isLast: boolean;
      readonly headers: HeaderBlock;
    }
  /** A piece of a data frame; `isLast` on its last piece only. */
  | {
      readonly kind: "data";
      readonly streamId: number;
      readonly isLast: boolean;
      readonly bytes: Buffer;
    }
  | { readonly kind: "rst-stream"; readonly streamId: number; readonly status: number }
  | { readonly kind: "ping"; readonly id: number }
  | { readonly kind: "go-away"; readonly lastStreamId: number }
  | { readonly kind: "settings" | "window-update" };

export const SPDY_VERSION = 3;

/** Types of control frames on the wire. */
export const FRAME_TYPES = {
  SYN_STREAM: 1,
  SYN_REPLY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  GOAWAY: 7,
  HEADERS: 8,
  WINDOW_UPDATE: 9,
} as const;

export const RESET_STATUS = { PROTOCOL_ERROR: 1, REFUSED_STREAM: 3, CANCEL: 5 } as const;

/** A frame that no client of good will sends; the connection is over. */
export class SpdyError extends Error {}
