// The rooms of `src/`, their ranks, and the walls that rank alone does not build. ARCHITECTURE.md explains why each is where it is.

/** Imports go only from a higher rank to a lower one, through the door. */
export const RANKS: Readonly<Record<string, number>> = {
  core: 0,
  kubernetes: 1,
  catalog: 2,
  apply: 2,
  render: 2,
  model: 3,
  graph: 4,
  components: 5,
  cluster: 5,
  compiler: 6,
  verifier: 6,
  delivery: 6,
  runtime: 7,
  drill: 8,
  operations: 8,
  console: 8,
  programs: 8,
  cli: 9,
};

/** Rooms that must not see a lower room although its rank would allow it. */
export const WALLS: readonly {
  readonly from: string;
  readonly to: readonly string[];
  readonly why: string;
}[] = [
  {
    from: "compiler",
    to: ["cluster"],
    why: "compiling is pure and must not need a cluster",
  },
  {
    from: "verifier",
    to: ["cluster"],
    why: "checking is pure and must not need a cluster",
  },
  {
    from: "delivery",
    to: ["cluster"],
    why: "delivery speaks only KubeApi, so that it treats real clusters alike",
  },
  {
    from: "cluster",
    to: ["catalog", "apply", "render", "model", "graph"],
    why: "the embedded cluster knows nothing of platforms",
  },
];

/** Rooms that are values in, values out: no disk, no network, no process. */
export const PURE_ROOMS: readonly string[] = [
  "core",
  "catalog",
  "model",
  "graph",
  "components",
  "compiler",
  "verifier",
];

/** `compiler` for `src/compiler/writers/yaml.ts`; undefined outside a room. */
export function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** The command line and the programs of local services are entered by their main file; nothing imports them. */
export function doorOf(room: string): string {
  return room === "cli" || room === "programs" ? `src/${room}/main.ts` : `src/${room}/index.ts`;
}
