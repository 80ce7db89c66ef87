// Copies of a request for mirrors: sent beside the real one, and what they answer is thrown away. Bodies that are streamed
// have no copy; such requests are not mirrored.

import { askEndpoint } from "./ask-endpoint.ts";
import type { AskedPod } from "./endpoint-choice.ts";
import type { Forwarding } from "./forward-request.ts";
import { endToEnd } from "./header-fields.ts";
import { hasBody } from "./request-body.ts";

const MIRROR_TIMEOUT_MS = 60_000;

export function sendMirrors(mirrors: readonly AskedPod[], forwarding: Forwarding): void {
  const { request, facts, clock } = forwarding;
  if (hasBody(request)) return;
  for (const { at } of mirrors) {
    if (at === undefined) continue;
    void askEndpoint({
      at,
      method: facts.method,
      path: facts.target,
      headers: ["Host", facts.hostField, ...endToEnd(request.rawHeaders, ["host", "expect"])],
      body: { kind: "none" },
      bodySizeMax: undefined,
      agent: undefined,
      timeoutMs: MIRROR_TIMEOUT_MS,
      signal: new AbortController().signal,
      clock,
    }).then((result) => result.kind === "answer" && void result.response.resume());
  }
}
