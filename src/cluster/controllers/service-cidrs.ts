// Keeps a ServiceCIDR as long as an address of it is in use that no other one holds.
// Mirrors kubernetes pkg/controller/servicecidrs/servicecidrs_controller.go.

import { formatInstant, parseCidr, parseRange, SECOND_MS } from "../../core/index.ts";
import type { AddressRange } from "../../core/index.ts";
import { informerOf, isTerminating, unlessOvertaken } from "../../kubernetes/index.ts";
import type { Controller, ControllerContext, Informer } from "../../kubernetes/index.ts";
import {
  ADDRESS_MANAGER,
  IP_ADDRESS,
  MANAGED_BY_LABEL,
  SERVICE_CIDR_KIND,
  type ServiceCidr,
} from "./service-range-kinds.ts";
import { writeStatus } from "./write-status.ts";

const FINALIZER = "networking.k8s.io/service-cidr-finalizer";
/** So that nobody gets an address of a range that goes. */
const DELETION_GRACE_MS = 10 * SECOND_MS;
const IN_USE =
  "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR";

export function serviceCidrController(context: ControllerContext): Controller {
  const cidrs = informerOf(context, SERVICE_CIDR_KIND);
  const addresses = informerOf(context, IP_ADDRESS);
  return {
    name: "service-cidr-controller",
    setup(enqueue) {
      const all = (): void => {
        for (const { metadata } of cidrs.list()) enqueue(metadata.name);
      };
      cidrs.onChange(all);
      addresses.onChange((current) => {
        if (current === undefined && cidrs.list().some(isTerminating)) all();
      });
    },
    async reconcile(name) {
      const cidr = cidrs.get(name);
      if (cidr === undefined) return;
      return unlessOvertaken(settle(context, cidr, { cidrs, addresses }));
    },
  };
}

interface Known {
  readonly cidrs: { list(): readonly ServiceCidr[] };
  readonly addresses: Pick<Informer, "list">;
}

async function settle(
  context: ControllerContext,
  cidr: ServiceCidr,
  known: Known,
): Promise<{ readonly requeueAfterMs: number } | undefined> {
  const { clock, api } = context;
  const { finalizers = [], deletionTimestamp } = cidr.metadata;
  if (deletionTimestamp === undefined) {
    const kept = finalizers.includes(FINALIZER)
      ? cidr
      : await api.update(withFinalizers(cidr, [...finalizers, FINALIZER]));
    const isSaid = readyOf(cidr)?.status === "True";
    if (!isSaid) await say(context, kept, { status: "True", message: READY });
    return undefined;
  }
  if (!finalizers.includes(FINALIZER)) return undefined;
  if (isNeeded(cidr, known)) {
    await say(context, cidr, { status: "False", reason: "Terminating", message: IN_USE });
    return undefined;
  }
  const left = Date.parse(deletionTimestamp) + DELETION_GRACE_MS - clock.now();
  if (left > 0) return { requeueAfterMs: left };
  await api.update(
    withFinalizers(
      cidr,
      finalizers.filter((one) => one !== FINALIZER),
    ),
  );
  return undefined;
}

const READY = "Kubernetes Service CIDR is ready";

function withFinalizers(cidr: ServiceCidr, finalizers: readonly string[]): ServiceCidr {
  return { ...cidr, metadata: { ...cidr.metadata, finalizers } };
}

function readyOf({ status }: ServiceCidr) {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

async function say(
  context: ControllerContext,
  cidr: ServiceCidr,
  said: { readonly status: string; readonly reason?: string; readonly message: string },
): Promise<void> {
  const now = readyOf(cidr);
  if (now?.status === said.status && now.message === said.message) return;
  const lastTransitionTime = formatInstant(context.clock.now());
  const condition = { type: "Ready", reason: "", ...said, lastTransitionTime };
  await writeStatus(context, cidr, { conditions: [condition] });
}

/** Nothing else contains the range, and an address of it is held by nothing else. */
function isNeeded(cidr: ServiceCidr, { cidrs, addresses }: Known): boolean {
  const own = rangesOf(cidr);
  const others = cidrs
    .list()
    .filter(({ metadata }) => metadata.name !== cidr.metadata.name)
    .flatMap(rangesOf);
  const isWithin = (inner: AddressRange, outer: AddressRange): boolean =>
    inner.version === outer.version && outer.start <= inner.start && inner.end <= outer.end;
  const isHeld = (range: AddressRange): boolean => others.some((other) => isWithin(range, other));
  if (own.every(isHeld)) return false;
  return addresses.list().some(({ metadata }) => {
    if (metadata.labels?.[MANAGED_BY_LABEL] !== ADDRESS_MANAGER) return false;
    const address = parseRange(metadata.name);
    if (address === undefined) return false;
    return own.some((range) => isWithin(address, range)) && !isHeld(address);
  });
}

function rangesOf({ spec }: ServiceCidr): readonly AddressRange[] {
  return (spec?.cidrs ?? []).flatMap((text) => parseCidr(text) ?? []);
}
