// Gives Services of type LoadBalancer an address from a pool, as a cloud's controller or MetalLB would. Services with a
// class of their own are left to whoever serves that class. Mirrors cloud-provider controllers/service/controller.go.

import { formatAddress, invariant, parseRange } from "../../core/index.ts";
import type { AddressRange } from "../../core/index.ts";
import { informerOf, isTerminating } from "../../kubernetes/index.ts";
import type { Controller, ControllerContext, ControllerFactory } from "../../kubernetes/index.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { SERVICE } from "./service-kinds.ts";
import type { Service } from "./service-kinds.ts";
import { writeStatus } from "./write-status.ts";

/** `pool` is a block, an address or a first–last range; at most 65,536 addresses of it are used. */
export function loadBalancerController(pool: string): ControllerFactory {
  const range = parseRange(pool);
  invariant(range !== undefined, `the load balancer pool was validated: ${pool}`);
  return (context) => createLoadBalancer(context, range);
}

const POOL_MAX = 65_536n;

function createLoadBalancer(context: ControllerContext, range: AddressRange): Controller {
  const services = informerOf(context, SERVICE);
  const wants = ({ spec }: Service): boolean =>
    spec?.type === "LoadBalancer" && spec.loadBalancerClass === undefined;

  /** Addresses given out whose writes are still under way, by the Service's uid. */
  const reserved = new Map<string, string>();

  const chooseAddress = (service: Service): string | undefined => {
    const others = services.list().filter(({ metadata }) => metadata.uid !== service.metadata.uid);
    const used = new Set([...others.flatMap((other) => addressesOf(other)), ...reserved.values()]);
    const asked = service.spec?.loadBalancerIP;
    if (asked) return used.has(asked) || !isInside(range, asked) ? undefined : asked;
    const last = range.end - range.start < POOL_MAX ? range.end : range.start + POOL_MAX - 1n;
    for (let value = range.start; value <= last; value += 1n) {
      const address = formatAddress(value, range.version);
      if (!used.has(address)) return address;
    }
    return undefined;
  };
  const assign = async (service: Service): Promise<void> => {
    const [held] = addressesOf(service);
    const asked = service.spec?.loadBalancerIP;
    if (held !== undefined && isInside(range, held) && (!asked || asked === held)) return;
    const address = chooseAddress(service);
    if (address === undefined) {
      const message = "Error syncing load balancer: no address is free in the pool";
      return context.event(service, "Warning", "SyncLoadBalancerFailed", message);
    }
    context.event(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer");
    const { uid = "" } = service.metadata;
    const loadBalancer = { ingress: [{ ip: address, ipMode: "VIP" }] };
    reserved.set(uid, address);
    try {
      await writeStatus(context, service, { ...service.status, loadBalancer });
    } finally {
      reserved.delete(uid);
    }
    context.event(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer");
  };
  const release = async (service: Service): Promise<void> => {
    if (service.spec?.type === "LoadBalancer" || addressesOf(service).length === 0) return;
    await writeStatus(context, service, { ...service.status, loadBalancer: {} });
  };

  return {
    name: "service-controller",
    setup(enqueue) {
      services.onChange((current, old) => {
        if (current !== undefined) return enqueue(objectKey(current));
        // An address has become free: others may be waiting for one.
        if (old === undefined || addressesOf(old).length === 0) return;
        for (const waiting of services.list().filter(wants)) enqueue(objectKey(waiting));
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(name, namespace);
      if (service === undefined || isTerminating(service)) return;
      await (wants(service) ? assign(service) : release(service));
    },
  };
}

function addressesOf({ status }: Service): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip === undefined ? [] : [ip]));
}

function isInside(range: AddressRange, address: string): boolean {
  const parsed = parseRange(address);
  return parsed !== undefined && parsed.start >= range.start && parsed.end <= range.end;
}
