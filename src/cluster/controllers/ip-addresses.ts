// An IPAddress for every address of a Service. Mirrors kubernetes pkg/registry/core/service/ipallocator/ipallocator.go
// (createIPAddress) and ipallocator/controller/repairip.go; the API server's own allocator decides who has which, so here they
// follow a moment later and cost the writing of Services nothing.

import { deepEqual } from "../../core/index.ts";
import { informerOf, isAlreadyExists, isNotFound } from "../../kubernetes/index.ts";
import type { Controller, ControllerContext } from "../../kubernetes/index.ts";
import { SERVICE, type Service } from "./service-kinds.ts";
import {
  ADDRESS_MANAGER,
  FAMILY_LABEL,
  IP_ADDRESS,
  MANAGED_BY_LABEL,
  type IpAddress,
} from "./service-range-kinds.ts";

export function ipAddressController(context: ControllerContext): Controller {
  const { api } = context;
  const services = informerOf(context, SERVICE);
  const addresses = informerOf(context, IP_ADDRESS);
  const holders = new Map<string, IpAddress>();
  return {
    name: "ipaddress-controller",
    setup(enqueue) {
      services.onChange((current, old) => {
        const [before, after] = [addressOf(old), addressOf(current)];
        if (before === after) return;
        if (before !== undefined) {
          holders.delete(before);
          enqueue(before);
        }
        if (after !== undefined && current !== undefined) {
          holders.set(after, wantedFor(current, after));
          enqueue(after);
        }
      });
      addresses.onChange((current, old) => {
        const { name = "" } = (current ?? old)?.metadata ?? {};
        if (current === undefined ? holders.has(name) : isOurs(current)) enqueue(name);
      });
    },
    async reconcile(name) {
      const wanted = holders.get(name);
      const found = addresses.get(name);
      if (found !== undefined && !isOurs(found)) return;
      if (found !== undefined && !deepEqual(found.spec, wanted?.spec)) {
        await ignoring(isNotFound, api.delete({ ...IP_ADDRESS, name }));
      } else if (found !== undefined) return;
      if (wanted !== undefined) await ignoring(isAlreadyExists, api.create(wanted));
    },
  };
}

function isOurs({ metadata }: IpAddress): boolean {
  return metadata.labels?.[MANAGED_BY_LABEL] === ADDRESS_MANAGER;
}

function addressOf(service: Service | undefined): string | undefined {
  const { type, clusterIP = "" } = service?.spec ?? {};
  const hasOne = type !== "ExternalName" && clusterIP !== "" && clusterIP !== "None";
  return hasOne ? clusterIP : undefined;
}

function wantedFor({ metadata, spec }: Service, address: string): IpAddress {
  const [family = "IPv4"] = spec?.ipFamilies ?? [];
  const { name, namespace = "" } = metadata;
  return {
    ...IP_ADDRESS,
    metadata: {
      name: address,
      labels: { [FAMILY_LABEL]: family, [MANAGED_BY_LABEL]: ADDRESS_MANAGER },
    },
    spec: { parentRef: { resource: "services", namespace, name } },
  };
}

async function ignoring(
  isExpected: (error: unknown) => boolean,
  attempt: Promise<unknown>,
): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    if (!isExpected(error)) throw error;
  }
}
