// The version of this package, read from its package.json so that it is written in one place.

import { createRequire } from "node:module";

import { PACKAGE_ROOT } from "./package-root.ts";

const manifest: unknown = createRequire(import.meta.url)(`${PACKAGE_ROOT}package.json`);

export const VERSION = String((manifest as { readonly version: string }).version);
