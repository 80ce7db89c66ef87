// Puts an API together: store, kinds, admission, allocators.

import type { Clock, Rng } from "../../core/index.ts";
import type { Store } from "../store/index.ts";
import { createAdmission } from "./admission.ts";
import { createLiveObjects } from "./admission-attributes.ts";
import type { AdmissionPlugin, Authorizer } from "../../kubernetes/index.ts";
import { createAddressAllocator } from "./allocators/address-allocator.ts";
import { followServiceRanges } from "./allocators/follow-ranges.ts";
import { createPortAllocator } from "./allocators/port-allocator.ts";
import type { ApiContext } from "./api-context.ts";
import { createApiServices } from "./api-services.ts";
import { ALLOW_EVERYTHING } from "./authorizer.ts";
import { streamFrom } from "./random-stream.ts";
import { claimForService } from "./strategies/services.ts";
import { followDefinitions } from "./custom-resources/follow-definitions.ts";
import { NO_NODE_AGENT } from "./node-agent-hook.ts";
import type { NodeAgentHook } from "./node-agent-hook.ts";
import { createServiceAccountTokens } from "./tokens/service-account-tokens.ts";
import { createResourceRegistry } from "./registry.ts";

export interface ApiOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly rng: Rng;
  /** IPv4 range of cluster IPs. */
  readonly serviceCidr: string;
  readonly admission?: readonly AdmissionPlugin[];
  readonly authorizer?: Authorizer;
  readonly nodeAgent?: NodeAgentHook;
  /** Private key (PEM, P-256) of service account tokens; absent: tokens end with the process. */
  readonly tokenKeyPem?: string;
}

export function createApi(options: ApiOptions): ApiContext {
  const { store, clock, rng } = options;
  const registry = createResourceRegistry();
  const api: ApiContext = {
    store,
    clock,
    rng: streamFrom(rng.fork("api"), store.revision),
    registry,
    services: createApiServices(store),
    admission: createAdmission(options.admission),
    live: createLiveObjects(store, registry),
    authorizer: options.authorizer ?? ALLOW_EVERYTHING,
    allocators: {
      clusterIPs: createAddressAllocator(options.serviceCidr, rng.fork("cluster-ips")),
      nodePorts: createPortAllocator(rng.fork("node-ports")),
    },
    nodeAgent: options.nodeAgent ?? NO_NODE_AGENT,
    tokens: createServiceAccountTokens({ store, clock, privateKeyPem: options.tokenKeyPem }),
  };
  followServiceRanges(api);
  for (const service of store.list({ resource: "/services" })) claimForService(service, api);
  followDefinitions(api);
  return api;
}
