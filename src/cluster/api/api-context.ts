// What every handler needs: where objects live, which kinds are served, and who else has a say.

import type { Clock, Rng } from "../../core/index.ts";
import type { Admission } from "./admission.ts";
import type { ApiServices } from "./api-services.ts";
import type { ResourceRegistry } from "./registry.ts";
import type { Store } from "../store/index.ts";
import type { Allocators } from "./allocators/allocators.ts";
import type { NodeAgentHook } from "./node-agent-hook.ts";
import type { ServiceAccountTokens } from "./tokens/service-account-tokens.ts";
import type { Authorizer, LiveObjects } from "../../kubernetes/index.ts";

export interface ApiContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly registry: ResourceRegistry;
  /** APIs computed when asked, beside those of the registry. */
  readonly services: ApiServices;
  readonly admission: Admission;
  /** What admission reads of the cluster. */
  readonly live: LiveObjects;
  readonly authorizer: Authorizer;
  readonly allocators: Allocators;
  readonly nodeAgent: NodeAgentHook;
  readonly tokens: ServiceAccountTokens;
}
