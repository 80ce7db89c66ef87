// Pod addresses: the lowest free one of the node's range, given back when the pod is gone.

import { formatIpv4, parseCidr } from "../../core/index.ts";

export interface PodAddresses {
  /** The pod's address, the same every time it is asked for; undefined when the range is used up. */
  assign(uid: string, podCIDR: string): string | undefined;
  /** Takes note of an address a pod has already. */
  claim(uid: string, podCIDR: string, address: string): void;
  release(uid: string): void;
}

interface Range {
  readonly start: number;
  readonly size: number;
  readonly used: Set<number>;
  next: number;
}

interface Held {
  readonly range: Range;
  readonly offset: number;
  readonly text: string;
}

/** The network address and the node's own gateway. */
const FIRST_OFFSET = 2;

export function createPodAddresses(): PodAddresses {
  const ranges = new Map<string, Range>();
  const assigned = new Map<string, Held>();

  const rangeOf = (podCIDR: string): Range | undefined => {
    const known = ranges.get(podCIDR);
    if (known !== undefined) return known;
    const cidr = parseCidr(podCIDR);
    if (cidr === undefined || cidr.version !== 4) return undefined;
    const size = Number(cidr.end - cidr.start) + 1;
    const range = { start: Number(cidr.start), size, used: new Set<number>(), next: FIRST_OFFSET };
    ranges.set(podCIDR, range);
    return range;
  };
  /** Walks on from the last one given, so that an address is not reused at once. */
  const findFree = ({ size, used, next }: Range): number | undefined => {
    const last = size - 1;
    for (let step = 0; step < size; step += 1) {
      const offset =
        FIRST_OFFSET + ((next - FIRST_OFFSET + step) % Math.max(1, last - FIRST_OFFSET));
      if (!used.has(offset)) return offset;
    }
    return undefined;
  };
  const hold = (uid: string, range: Range, offset: number): Held => {
    range.used.add(offset);
    range.next = offset + 1;
    const held = { range, offset, text: formatIpv4(range.start + offset) };
    assigned.set(uid, held);
    return held;
  };
  return {
    assign(uid, podCIDR) {
      const held = assigned.get(uid);
      if (held !== undefined) return held.text;
      const range = rangeOf(podCIDR);
      const offset = range && findFree(range);
      if (range === undefined || offset === undefined) return undefined;
      return hold(uid, range, offset).text;
    },
    claim(uid, podCIDR, address) {
      const range = rangeOf(podCIDR);
      const value = parseCidr(`${address}/32`);
      if (range === undefined || value === undefined || assigned.has(uid)) return;
      const offset = Number(value.start) - range.start;
      if (offset >= 0 && offset < range.size) hold(uid, range, offset);
    },
    release(uid) {
      const held = assigned.get(uid);
      if (held === undefined) return;
      assigned.delete(uid);
      held.range.used.delete(held.offset);
    },
  };
}
