// The version of this package, read from its package.json so that it is written in one place.

import { createRequire } from "node:module";

// Two levels up from src/cli and from dist/cli alike.
const manifest: unknown = createRequire(import.meta.url)("../../package.json");

export const VERSION = String((manifest as { readonly version: string }).version);
