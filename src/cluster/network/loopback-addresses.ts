// Addresses of this machine that stand for a cluster's: every pod its own from 127.64.0.0/10, every Service one of
// 127.128.0.0/9 derived from its ClusterIP. Linux answers on all of 127.0.0.0/8 without being told; the ranges are disjoint.

import { hash32 } from "../../core/index.ts";

/** 127.64.0.0/10 leaves 22 bits to pods. */
const POD_BASE = ipv4(127, 64, 0, 0);
const POD_BITS = 22;
/** 127.128.0.0/9 leaves 23 bits to Services. */
const SERVICE_BASE = ipv4(127, 128, 0, 0);
const SERVICE_HIGH = 128;

export interface PodAddresses {
  /** The same address for the same key until it is released; never one that another key holds. */
  assign(key: string): string;
  release(key: string): void;
  /** Undefined: nobody holds it. */
  holder(address: string): string | undefined;
}

/** Starts at a place that follows from seed and key, so that a pod that comes back finds the address it had. */
export function createPodAddresses(seed: string): PodAddresses {
  const byKey = new Map<string, number>();
  const taken = new Map<number, string>();
  return {
    assign(key) {
      const held = byKey.get(key);
      if (held !== undefined) return formatIpv4(POD_BASE + held);
      let place = hash32(`${seed}/${key}`) % 2 ** POD_BITS;
      while (taken.has(place) || isReserved(place)) place = (place + 1) % 2 ** POD_BITS;
      byKey.set(key, place);
      taken.set(place, key);
      return formatIpv4(POD_BASE + place);
    },
    release(key) {
      const place = byKey.get(key);
      if (place === undefined) return;
      byKey.delete(key);
      taken.delete(place);
    },
    holder: (address) => taken.get(parseIpv4(address) - POD_BASE),
  };
}

/** `.0` and `.255` look like a network and its broadcast address to too many programs. */
function isReserved(place: number): boolean {
  const last = place & 255;
  return last === 0 || last === 255;
}

/**
 * One to one for every range of Services that is a /9 or smaller: the lower 16 bits stay, the second byte is shifted by
 * the seed, so that two platforms on one machine rarely want the same address.
 */
export function serviceAddress(clusterIP: string, seed: string): string {
  const value = parseIpv4(clusterIP);
  const high = (((value >>> 16) & 127) + hash32(seed)) % SERVICE_HIGH;
  return formatIpv4(SERVICE_BASE + high * 2 ** 16 + (value & 0xffff));
}

/** Whether this machine itself answers there: what the simulated network has is anywhere but in 127.0.0.0/8. */
export function isLoopback(address: string): boolean {
  return address.startsWith("127.");
}

export function isIpv4(text: string): boolean {
  return (
    /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split(".").every((part) => Number(part) < 256)
  );
}

function parseIpv4(text: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number);
  return ipv4(a, b, c, d);
}

function ipv4(a: number, b: number, c: number, d: number): number {
  return ((a * 256 + b) * 256 + c) * 256 + d;
}

function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
