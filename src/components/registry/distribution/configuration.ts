// `/etc/distribution/config.yml`. Keys: distribution v3.1.1 docs/content/about/configuration.md.

import { DEBUG_PORT, REGISTRY_PORT } from "./surface.ts";

export const AUTH_DIRECTORY = "/etc/distribution/auth";
export const DATA_DIRECTORY = "/var/lib/registry";

export function registryConfiguration(): string {
  return `version: 0.1
log:
  level: info
storage:
  filesystem:
    rootdirectory: ${DATA_DIRECTORY}
  cache:
    blobdescriptor: inmemory
  # Manifests may be deleted; \`registry garbage-collect\` frees their layers.
  delete:
    enabled: true
http:
  addr: :${REGISTRY_PORT}
  # Behind the gateway the scheme and host are the gateway's.
  relativeurls: true
  headers:
    X-Content-Type-Options: [nosniff]
  debug:
    addr: :${DEBUG_PORT}
    prometheus:
      enabled: true
      path: /metrics
auth:
  htpasswd:
    realm: registry
    path: ${AUTH_DIRECTORY}/htpasswd
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
`;
}
