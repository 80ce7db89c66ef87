// The present as objects spell it. Many writes fall into one second, so the last text is kept.

import { formatInstant } from "../../core/index.ts";
import type { Clock } from "../../core/index.ts";

let lastSecond = Number.NaN;
let lastText = "";

/** RFC 3339 with whole seconds. */
export function timestamp(clock: Clock): string {
  const second = Math.floor(clock.now() / 1000);
  if (second !== lastSecond) {
    lastText = formatInstant(second * 1000);
    lastSecond = second;
  }
  return lastText;
}
