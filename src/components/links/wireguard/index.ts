// WireGuard between sites. Keelson does not write the gateways' configuration yet, and says so; what it knows of the link
// decides which ranges must not overlap.

import { defineLink } from "../../../model/index.ts";
import { wireguardSchema, type WireguardOptions } from "./options.ts";

export const wireguardLink = defineLink<WireguardOptions>({
  name: "wireguard",
  options: wireguardSchema,
  facts: ({ network, routes }) => ({
    network,
    routes,
    notEmitted: "the WireGuard configuration and keys of its two gateways",
  }),
});
