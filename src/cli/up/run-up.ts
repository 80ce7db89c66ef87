// `keelson up`, step by step: compile, check, boot the clusters, deliver from git, then serve until somebody stops it.

import { count, createRealClock, hasErrors } from "../../core/index.ts";
import {
  createMirroredSource,
  isDelivered,
  openPlatformRepository,
  type FollowResult,
} from "../../delivery/index.ts";
import { informerOf, POD } from "../../kubernetes/index.ts";
import type { CompiledTarget } from "../../model/index.ts";
import { INSPECTOR_PORT } from "../../runtime/index.ts";
import { loadRules, proofs, verify } from "../../verifier/index.ts";
import type { UpOptions } from "../commands/up.ts";
import { withSpans } from "../definition/positions.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { kindsOf } from "../platform.ts";
import { printFindings } from "../print-findings.ts";
import type { Terminal } from "../terminal.ts";
import { compileForLaptop, type LocalPlatform } from "./compile-step.ts";
import { startEverything, type Running } from "./start-everything.ts";
import { listenForInterrupt, type Interrupt } from "./interrupt.ts";
import { createProgress, progressBar, type Progress } from "./progress.ts";
import { resetData } from "./reset-data.ts";
import { explainRunFailure } from "./run-failure.ts";
import type { AppAddress } from "./running-platform.ts";
import { claimStateFolder, type StateFolder } from "./state-folder.ts";
import { describeLeft, laterApps, leftOf } from "./left-phases.ts";
import { describeRunning, formatResult, type UpResult } from "./summary.ts";

export interface UpRun {
  readonly options: UpOptions;
  readonly terminal: Terminal;
  readonly state: StateFolder;
  readonly clock: ReturnType<typeof createRealClock>;
  readonly progress: Progress;
  readonly interrupt: Interrupt;
}

export async function runUp(options: UpOptions, terminal: Terminal): Promise<ExitCode> {
  const state = claimStateFolder(terminal.cwd);
  const interrupt = listenForInterrupt();
  // The open ports keep the process alive; a timer that outlives them must not.
  const clock = createRealClock();
  const progress = createProgress(terminal, () => clock.now(), terminal.isInteractive);
  try {
    return await stepByStep({ options, terminal, state, clock, progress, interrupt });
  } catch (error) {
    const failure = explainRunFailure(error, options);
    if (failure === undefined) throw error;
    terminal.err(`error: ${failure.message}\n`);
    if (failure.hint !== undefined) terminal.err(`  hint: ${failure.hint}\n`);
    return EXIT.failed;
  } finally {
    interrupt.release();
    state.release();
  }
}

async function stepByStep(run: UpRun): Promise<ExitCode> {
  const { options, terminal, state } = run;
  if (options.reset === true && !(await resetData(state, terminal, options.yes === true)))
    return EXIT.failed;
  const local = await compileStep(run);
  if (local === undefined || !(await checkStep(run, local))) return EXIT.failed;
  const running = await bootStep(run, local);
  try {
    const commit = await recordStep(run, local);
    if (commit === undefined) return EXIT.failed;
    return await deliverStep(run, local, running, commit);
  } finally {
    await running.stop();
  }
}

async function compileStep({
  options,
  terminal,
  state,
  clock,
  progress,
}: UpRun): Promise<LocalPlatform | undefined> {
  const step = progress.step("compile");
  const compiling = await compileForLaptop(options, state.path, clock.now(), terminal);
  if (compiling.outcome === "failed") {
    step.failed();
    printFindings(compiling.platform.diagnostics, compiling.platform.sources, terminal);
    return undefined;
  }
  const { local } = compiling;
  const objects = sum(local.targets, ({ objects: list }) => list.length);
  const what = `${local.compiled.platform} · ${options.env.join(", ")}`;
  step.done(
    `${what.padEnd(24)} ${count(objects, "object")}, ${count(local.compiled.tree.size, "file")}`,
  );
  return local;
}

const sum = (targets: readonly CompiledTarget[], of: (target: CompiledTarget) => number): number =>
  targets.reduce((total, target) => total + of(target), 0);

/** Only what runs here is judged; the other environments have `keelson check`. */
async function checkStep(
  { terminal, progress }: UpRun,
  { whole: { compiled, targets }, platform }: LocalPlatform,
): Promise<boolean> {
  const step = progress.step("check");
  const own = { ...compiled, targets };
  const input = { compiled: own, kinds: await kindsOf(compiled), ...(await loadRules(own)) };
  const found = withSpans(verify(input), platform.file);
  const worth = found.filter(({ severity }) => severity !== "info");
  if (hasErrors(found)) {
    step.failed();
    printFindings(worth, platform.sources, terminal);
    return false;
  }
  const held = `${count(proofs(input).length, "promise")} proved`;
  step.done(worth.length === 0 ? held : `${held}, ${count(worth.length, "warning")}`);
  if (worth.length > 0) printFindings(worth, platform.sources, terminal);
  return true;
}

async function bootStep(run: UpRun, local: LocalPlatform): Promise<Running> {
  const step = run.progress.step("cluster");
  const { repository } = run.state;
  const git = createMirroredSource(new Map(repositoriesOf(local).map((url) => [url, repository])));
  const running = await startEverything(run, local, git, {
    onProgress: (text) => {
      step.update(text);
      if (!run.terminal.isInteractive) run.terminal.err(`${"".padEnd(11)}${text}\n`);
    },
  });
  const nodes = running.clusters.reduce((total, cluster) => total + cluster.nodes, 0);
  step.done(
    `${`${count(nodes, "node")} ready${running.local.length === 0 ? " (simulated)" : ""}`.padEnd(24)} ${running.clusters.map(({ server }) => server).join(" ")}`,
  );
  return running;
}

/** The URLs the engines sync from: on this machine all of them are the one repository `up` makes. */
function repositoriesOf({ targets }: LocalPlatform): string[] {
  return targets.flatMap(({ engine }) => engine?.repository ?? []);
}

async function recordStep(
  { terminal, state, clock, progress }: UpRun,
  { compiled }: LocalPlatform,
): Promise<string | undefined> {
  const step = progress.step("git");
  const repository = await openPlatformRepository(state.repository);
  const recorded = await repository.record(compiled.tree, {
    message: `Generate ${compiled.platform}`,
    at: clock.now(),
  });
  if (recorded.outcome !== "conflict") {
    const where = `${shown(state.repository, terminal)} main`;
    step.done(`${where} ${recorded.outcome}, ${recorded.commit.slice(0, 7)}`);
    return recorded.commit;
  }
  step.failed();
  terminal.err(
    `error: your commits and the new files change the same lines of\n${recorded.files.map((file) => `  ${file}\n`).join("")}`,
  );
  terminal.err(`  hint: git -C ${state.repository} merge keelson/generated\n`);
  return undefined;
}

async function deliverStep(
  run: UpRun,
  local: LocalPlatform,
  running: Running,
  commit: string,
): Promise<ExitCode> {
  const { options, progress, interrupt } = run;
  const step = progress.step("deliver");
  const { expected } = running.platform;
  const unit = unitOf(local);
  const result = await running.platform.deliver({
    expected,
    timeoutMs: options.timeout * 1000,
    signal: interrupt.signal,
    onProgress: (applications) => {
      const ready = applications.filter(isDelivered).length;
      step.update(`${progressBar(ready, expected)} ${ready} of ${count(expected, unit)}`);
    },
  });
  if (result.outcome === "healthy")
    step.done(
      `${progressBar(expected, expected)} ${count(result.applications.length, unit)} synced, healthy`,
    );
  else step.failed();
  report(run, local, running, { result, commit });
  if (interrupt.signal.aborted) return EXIT.interrupted;
  if (options.once === true) return result.outcome === "healthy" ? EXIT.ok : EXIT.failed;
  await interrupt.asked;
  run.terminal.err("\nstopping\n");
  return EXIT.interrupted;
}

/** What the engine of all of them calls its parts. */
function unitOf({ targets }: LocalPlatform): string {
  const units = new Set(targets.map(({ engine }) => engine?.words.unit.toLowerCase() ?? "part"));
  const [unit = "part"] = units;
  return units.size === 1 ? unit : "part";
}

function report(
  { options, terminal, state }: UpRun,
  local: LocalPlatform,
  running: Running,
  { result, commit }: { readonly result: FollowResult; readonly commit: string },
): void {
  state.writeAddresses(addressesOf(local, running));
  if (options.output === "json")
    terminal.out(formatResult(resultOf(options, local, running, result, commit)));
  if (result.outcome !== "healthy") return terminal.err(describeFailure(result));
  const [hub] = local.targets;
  if (options.output === "json" || hub === undefined) return;
  const later = laterApps(local);
  const routes = hub.cluster.routes.filter(({ workload }) => !later.has(workload));
  const addresses = {
    clusters: running.clusters,
    urls: routes.map(({ hostname }) => urlOf(hostname, running)),
    httpsPort: running.httpsPort,
    authority: shown(state.authority, terminal),
    kubeconfig: shown(state.kubeconfig, terminal),
    repository: shown(state.repository, terminal),
    local: running.local.filter(({ system }) => !later.has(system)),
    apps: hub.cluster.apps.map(({ name }) => name).filter((name) => !later.has(name)),
    inspectors: inspectorsOf(options, running),
  };
  terminal.out(describeRunning(hub, addresses));
  if (options.phase !== undefined) terminal.out(describeLeft(options.phase, leftOf(local)));
  if (options.once !== true) terminal.out("\nCtrl-C stops everything.\n");
}

function addressesOf(local: LocalPlatform, running: Running): AppAddress[] {
  const later = laterApps(local);
  return local.targets.flatMap(({ cluster }) =>
    cluster.routes
      .filter(({ workload }) => !later.has(workload))
      .map(({ workload, hostname }) => ({
        app: workload,
        cluster: cluster.target,
        url: urlOf(hostname, running),
      })),
  );
}

/** HTTPS where a listener and a route have it, and HTTP is redirected there; elsewhere both answer, and HTTP needs no authority. */
function urlOf(host: string, { platform, httpPort, httpsPort }: Running): string {
  const request = { host, path: "/", method: "GET", headers: {}, tls: true };
  const answersTls = platform.ingress.some(({ routes }) => routes.match(request).kind !== "none");
  return answersTls && httpsPort !== undefined
    ? `https://${host}:${httpsPort}`
    : `http://${host}:${httpPort}`;
}

/** Where a debugger finds each app it was asked for: every pod has an address of its own. */
function inspectorsOf({ debug = [] }: UpOptions, { platform }: Running): string[] {
  return platform.targets.flatMap(({ local, informers }) =>
    (local?.apps ?? [])
      .filter(({ app, tag }) => debug.includes(app.name) && tag === undefined)
      .flatMap(({ app }) =>
        informerOf(informers, POD)
          .list(app.namespace)
          .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === app.name)
          .flatMap(({ status }) => status?.podIP ?? [])
          .map((address) => `${app.name}: node inspect ${address}:${INSPECTOR_PORT}`),
      ),
  );
}

const shown = (path: string, { cwd }: Terminal): string =>
  path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;

function resultOf(
  options: UpOptions,
  { compiled, targets, whole }: LocalPlatform,
  running: Running,
  result: FollowResult,
  commit: string,
): UpResult {
  return {
    platform: compiled.platform,
    environments: options.env,
    outcome: result.outcome === "healthy" ? "healthy" : "failed",
    objects: sum(targets, ({ objects }) => objects.length),
    files: compiled.tree.size,
    commit,
    clusters: running.clusters,
    ingress: {
      http: running.httpPort,
      ...(running.httpsPort === undefined ? {} : { https: running.httpsPort }),
    },
    applications: result.applications,
    ...(options.phase === undefined
      ? {}
      : { phase: options.phase, left: leftOf({ targets, whole }) }),
    ...(running.local.length === 0 ? {} : { local: running.local }),
  };
}

function describeFailure({ outcome, applications }: FollowResult): string {
  const unwell = applications.filter((application) => !isDelivered(application));
  const lines = unwell
    .map(({ name, sync, health, message }) => `  ${name}  ${sync}, ${health}  ${message}\n`)
    .join("");
  const reason = outcome === "timed-out" ? "not everything became healthy in time" : "interrupted";
  return `error: ${reason}\n${lines}`;
}
