// Authorizers that need no rules.

import type { Authorizer } from "../../kubernetes/index.ts";

export const ALLOW_EVERYTHING: Authorizer = () => ({ decision: "allow" });
