// What a person needs once everything runs: where the API, the applications and the repository are, and what to try.

import type { Phase } from "../../compiler/index.ts";
import type { LeftParts } from "./left-phases.ts";
import type { CompiledTarget, DeliveryState, LocalStatement } from "../../model/index.ts";

export interface RunningAddresses {
  /** As a person would type it. */
  readonly kubeconfig: string;
  /** File of the certificate authority. */
  readonly authority: string;
  readonly repository: string;
  readonly clusters: readonly {
    readonly name: string;
    readonly server: string;
    readonly nodes: number;
  }[];
  /** What the ingress answers, as a person would open it. */
  readonly urls: readonly string[];
  /** By name; those that a phase left for later are not among them. */
  readonly apps: readonly string[];
  readonly httpsPort: number | undefined;
  /** What runs as processes, and what could not; nothing where everything is simulated. */
  readonly local: readonly LocalStatement[];
  /** Where debuggers find apps. */
  readonly inspectors: readonly string[];
}

/** Nothing pulls. */
const PUSHED = "nothing follows it here: `keelson up` applied what it holds";

export function describeRunning(
  { engine }: Pick<CompiledTarget, "engine">,
  addresses: RunningAddresses,
): string {
  const { kubeconfig, repository, urls } = addresses;
  const [app] = addresses.apps;
  const followed = engine?.role === "deploy" ? "commit here and watch it roll out" : PUSHED;
  const next = [
    ...(engine === undefined ? [] : [engine.words.list]),
    ...(app === undefined ? [] : [`keelson explain deployment/${app}`]),
  ];
  const rows: [string, string][] = [
    ["api", `export KUBECONFIG=${kubeconfig} && kubectl get pods -A`],
    ...urls.map((url, index): [string, string] => [index === 0 ? "open" : "", url]),
    ...secureRow(addresses),
    ...localRows("process", "processes", addresses.local),
    ...localRows("simulated", "not real", addresses.local),
    ...addresses.inspectors.map((text): [string, string] => ["debug", text]),
    ["git", `${repository}   ${followed}`],
    ["next", next.join(" · ")],
  ];
  const width = Math.max(8, ...rows.map(([name]) => name.length + 2));
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}${text}\n`).join("");
  const whole = addresses.local.length === 0 ? "Pods on these nodes are" : "All other pods are";
  return `\n${lines}\n${whole} simulated, and say so.\n`;
}

/** Every name has it: where the platform brings no certificate, this machine ends TLS in front of it. */
function secureRow({ urls, httpsPort, authority }: RunningAddresses): [string, string][] {
  if (urls.length === 0 || httpsPort === undefined) return [];
  const where = urls.some((url) => url.startsWith("http:")) ? ` at port ${httpsPort} too,` : "";
  return [["", `https${where} signed by ${authority}`]];
}

function localRows(
  outcome: LocalStatement["outcome"],
  name: string,
  statements: readonly LocalStatement[],
): [string, string][] {
  return statements
    .filter((one) => one.outcome === outcome)
    .map(({ system, text }, index) => [index === 0 ? name : "", `${system}: ${text}`]);
}

export interface UpResult {
  readonly platform: string;
  readonly environments: readonly string[];
  readonly outcome: "healthy" | "failed";
  readonly objects: number;
  readonly files: number;
  readonly commit: string;
  readonly clusters: RunningAddresses["clusters"];
  /** Ports. */
  readonly ingress: { readonly http: number; readonly https?: number };
  readonly applications: readonly DeliveryState[];
  /** Where it was to stop, and how many folders and charts of each later phase were left out. */
  readonly phase?: Phase;
  readonly left?: LeftParts;
  /** What runs as processes of this machine, and what could not. */
  readonly local?: readonly LocalStatement[];
}

/** The form is versioned: scripts read it. */
export function formatResult(result: UpResult): string {
  return `${JSON.stringify({ version: 1, ...result }, undefined, 2)}\n`;
}
