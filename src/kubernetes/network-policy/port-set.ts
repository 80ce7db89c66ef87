// Sets of (protocol, port): sorted, disjoint, closed intervals per protocol. Exact where a list of ports would be a sample.

export type PortProtocol = "TCP" | "UDP" | "SCTP";
export const PORT_PROTOCOLS: readonly PortProtocol[] = ["TCP", "UDP", "SCTP"];

const LOWEST = 1;
const HIGHEST = 65_535;

/** Both ends included. */
export type PortInterval = readonly [first: number, last: number];

export interface PortSet {
  readonly TCP: readonly PortInterval[];
  readonly UDP: readonly PortInterval[];
  readonly SCTP: readonly PortInterval[];
}

export const NO_PORTS: PortSet = { TCP: [], UDP: [], SCTP: [] };
export const ALL_PORTS: PortSet = {
  TCP: [[LOWEST, HIGHEST]],
  UDP: [[LOWEST, HIGHEST]],
  SCTP: [[LOWEST, HIGHEST]],
};

/** `last` left out means one port, `first` left out all ports of the protocol. */
export function portRange(protocol: PortProtocol, first?: number, last = first): PortSet {
  const interval: PortInterval = [first ?? LOWEST, last ?? HIGHEST];
  return interval[0] > interval[1] ? NO_PORTS : { ...NO_PORTS, [protocol]: [interval] };
}

export function unitePorts(a: PortSet, b: PortSet): PortSet {
  if (a === NO_PORTS || b === ALL_PORTS) return b;
  if (b === NO_PORTS || a === ALL_PORTS) return a;
  return mapProtocols((protocol) => uniteIntervals([...a[protocol], ...b[protocol]]));
}

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  if (a === ALL_PORTS || b === NO_PORTS) return b;
  if (b === ALL_PORTS || a === NO_PORTS) return a;
  return mapProtocols((protocol) =>
    a[protocol].flatMap((interval) => b[protocol].flatMap((other) => overlap(interval, other))),
  );
}

/** What is in `a` and not in `b`. */
export function subtractPorts(a: PortSet, b: PortSet): PortSet {
  if (b === NO_PORTS) return a;
  return mapProtocols((protocol) =>
    b[protocol].reduce<readonly PortInterval[]>(
      (left, hole) => left.flatMap((interval) => cut(interval, hole)),
      a[protocol],
    ),
  );
}

export function isEmptyPorts(set: PortSet): boolean {
  return PORT_PROTOCOLS.every((protocol) => set[protocol].length === 0);
}

export function hasPort(set: PortSet, protocol: PortProtocol, port: number): boolean {
  return set[protocol].some(([first, last]) => first <= port && port <= last);
}

/** `TCP 80,8000-8080, UDP 53`; `all` and `none` where that is so. */
export function formatPorts(set: PortSet): string {
  if (isEmptyPorts(set)) return "none";
  if (isEmptyPorts(subtractPorts(ALL_PORTS, set))) return "all";
  return PORT_PROTOCOLS.filter((protocol) => set[protocol].length > 0)
    .map((protocol) => `${protocol} ${set[protocol].map(formatInterval).join(",")}`)
    .join(", ");
}

function formatInterval([first, last]: PortInterval): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function mapProtocols(make: (protocol: PortProtocol) => readonly PortInterval[]): PortSet {
  return { TCP: make("TCP"), UDP: make("UDP"), SCTP: make("SCTP") };
}

function uniteIntervals(intervals: readonly PortInterval[]): readonly PortInterval[] {
  const united: [number, number][] = [];
  for (const [first, last] of intervals.toSorted((a, b) => a[0] - b[0])) {
    const open = united.at(-1);
    if (open !== undefined && first <= open[1] + 1) open[1] = Math.max(open[1], last);
    else united.push([first, last]);
  }
  return united;
}

function overlap(a: PortInterval, b: PortInterval): readonly PortInterval[] {
  const first = Math.max(a[0], b[0]);
  const last = Math.min(a[1], b[1]);
  return first > last ? [] : [[first, last]];
}

function cut([first, last]: PortInterval, hole: PortInterval): readonly PortInterval[] {
  const before: PortInterval = [first, Math.min(last, hole[0] - 1)];
  const after: PortInterval = [Math.max(first, hole[1] + 1), last];
  return [before, after].filter(([start, end]) => start <= end);
}
