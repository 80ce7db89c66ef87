// Small platforms that scale.

import { existing, onPremise } from "../../src/components/index.ts";
import type { Platform } from "./small-platform.ts";

/** Two apps on three nodes in three zones of which any two have room for everything. */
export const shop: Platform = {
  name: "shop",
  domain: "shop.example.com",
  sites: { hall: onPremise({ network: "10.30.0.0/16" }) },
  clusters: {
    main: existing({
      site: "hall",
      nodes: { count: 3, cpu: "4", memory: "8Gi" },
      zones: 3,
      nodeRange: "10.30.0.0/20",
    }),
  },
  environments: {
    dev: { clusters: ["main"], scale: "single" },
    staging: { clusters: ["main"], scale: "highly-available" },
    prod: { clusters: ["main"], scale: "highly-available" },
  },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      port: 8080,
      needs: ["api"],
      scale: { min: 2, max: 6, cpu: 70 },
    },
    api: {
      image: "ghcr.io/example/api:1.0.0",
      port: 8000,
      scale: { min: 3, max: 10, cpu: 60, memory: 80 },
    },
  },
};
