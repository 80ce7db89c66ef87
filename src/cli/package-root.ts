// Where this package lies: two levels up from src/cli, dist/cli and dist/chunks alike.

import { fileURLToPath } from "node:url";

/** Ends with a slash. */
export const PACKAGE_ROOT = fileURLToPath(new URL("../../", import.meta.url));
