// What a Droplet holds, as its slug says: `s-4vcpu-8gb`, `g-8vcpu-32gb-intel`. Slugs that name only a number of CPUs (`c-4`)
// are not read. Source: the sizes list of DigitalOcean's API (slug, vcpus, memory).

import type { MachineSize } from "../node-pool.ts";

const SLUG = /^[a-z0-9]+-(\d+)vcpu-(\d+)gb(-[a-z0-9]+)*$/;

export function dropletSize(slug: string): MachineSize | undefined {
  const [, cpu, memory] = SLUG.exec(slug) ?? [];
  return cpu === undefined || memory === undefined ? undefined : { cpu, memory: `${memory}Gi` };
}
