// Gives every Service of type LoadBalancer one address of an IPAddressPool, keeps it, and says so when none is left.
// Mirrors MetalLB v0.16: auto-assign pools by name, first free address, IPv4.

import { deepEqual, nthAddress, parseRange, rangeSize } from "../../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  Informer,
  KindRef,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";

const SERVICE: KindRef = { apiVersion: "v1", kind: "Service" };
const POOL: KindRef = { apiVersion: "metallb.io/v1beta1", kind: "IPAddressPool" };
const MANAGER = "metallb-controller";

interface Pool extends KubernetesObject {
  readonly spec: { readonly addresses: readonly string[]; readonly autoAssign?: boolean };
}

interface Service extends KubernetesObject {
  readonly spec: { readonly type?: string; readonly loadBalancerClass?: string };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
  };
}

export const addressController: ControllerFactory = (context) => {
  const services = context.informer(SERVICE);
  const pools = context.informer(POOL);
  return {
    name: "metallb",
    setup(enqueue) {
      // One key: addresses are handed out in one order, so two Services never get the same one.
      services.onChange(() => enqueue("addresses"));
      pools.onChange(() => enqueue("addresses"));
    },
    async reconcile() {
      const waiting = balanced(services).filter((service) => addressOf(service) === undefined);
      const taken = new Set(balanced(services).flatMap((service) => addressOf(service) ?? []));
      for (const service of waiting.toSorted(byAge)) {
        const address = firstFree(pools.list() as readonly Pool[], taken);
        if (address === undefined) reportExhausted(context, service, pools);
        else await assign(context, service, address, taken);
      }
    },
  };
};

function balanced(services: Informer): readonly Service[] {
  return (services.list() as readonly Service[]).filter(
    ({ spec, metadata }) =>
      spec.type === "LoadBalancer" &&
      spec.loadBalancerClass === undefined &&
      metadata.deletionTimestamp === undefined,
  );
}

const addressOf = ({ status }: Service): string | undefined =>
  status?.loadBalancer?.ingress?.[0]?.ip;

function byAge(a: Service, b: Service): number {
  const keyOf = ({ metadata }: Service): string =>
    [metadata.creationTimestamp, metadata.namespace, metadata.name].join("/");
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function firstFree(pools: readonly Pool[], taken: ReadonlySet<string>): string | undefined {
  const open = pools
    .filter(({ spec }) => spec.autoAssign !== false)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const range of open.flatMap(({ spec }) => spec.addresses)) {
    const address = firstFreeIn(range, taken);
    if (address !== undefined) return address;
  }
  return undefined;
}

/** Looks no further than one address past those taken, however large the range. */
function firstFreeIn(text: string, taken: ReadonlySet<string>): string | undefined {
  const range = parseRange(text);
  if (range === undefined) return undefined;
  const looks = Math.min(Number(rangeSize(range)), taken.size + 1);
  for (let index = 0; index < looks; index += 1) {
    const address = nthAddress(range, index);
    if (address !== undefined && !taken.has(address)) return address;
  }
  return undefined;
}

function reportExhausted({ event }: ControllerContext, service: Service, pools: Informer): void {
  // Without a pool MetalLB stays silent: it has no configuration yet.
  if (pools.list().length === 0) return;
  const { namespace, name } = service.metadata;
  event(
    service,
    "Warning",
    "AllocationFailed",
    `Failed to allocate IP for "${namespace}/${name}": no available IPs`,
  );
}

async function assign(
  { api, event }: ControllerContext,
  service: Service,
  address: string,
  taken: Set<string>,
): Promise<void> {
  const { name, namespace } = service.metadata;
  const loadBalancer = { ingress: [{ ip: address, ipMode: "VIP" }] };
  if (deepEqual(service.status?.loadBalancer, loadBalancer)) return;
  const patch = { type: "merge", body: { status: { loadBalancer } } } as const;
  await api.patch({ ...SERVICE, name, namespace }, patch, {
    subresource: "status",
    fieldManager: MANAGER,
  });
  taken.add(address);
  event(service, "Normal", "IPAllocated", `Assigned IP ["${address}"]`);
}
