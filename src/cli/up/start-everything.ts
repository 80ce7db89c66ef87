// Boots what a run needs and can take it all down again: clusters, their HTTPS ports, the kubeconfig and the ingress.

import { join } from "node:path";

import {
  BRISK_DELAYS,
  certificateSigner,
  ensureCredentials,
  kubeconfig,
  serveApi,
  serverHosts,
  type Credentials,
  type ServedApi,
} from "../../cluster/index.ts";
import { registry } from "../../components/index.ts";
import { createRng } from "../../core/index.ts";
import type { CompiledTarget, GitSource, LocalStatement } from "../../model/index.ts";
import {
  bootPlatform,
  serveIngress,
  type EmbeddedTarget,
  type RunningPlatform,
} from "../../runtime/index.ts";
import { openAuditLog } from "./audit-log.ts";
import type { LocalPlatform } from "./compile-step.ts";
import type { UpRun } from "./run-up.ts";
import { startLocal, type Undo, type Watching } from "./start-local.ts";
import type { RunningAddresses } from "./summary.ts";

export interface Running extends Pick<RunningAddresses, "clusters"> {
  readonly httpPort: number;
  readonly httpsPort: number | undefined;
  readonly platform: RunningPlatform;
  readonly local: readonly LocalStatement[];
  stop(): Promise<void>;
}

/** When a later part cannot start, the earlier ones are stopped. */
export async function startEverything(
  run: UpRun,
  local: LocalPlatform,
  git: GitSource,
  watching: Watching,
): Promise<Running> {
  const undo: Undo[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    return { ...(await startInOrder(run, local, git, { ...watching, undo })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startInOrder(
  run: UpRun,
  local: LocalPlatform,
  git: GitSource,
  { undo, onProgress }: Watching & { readonly undo: Undo[] },
): Promise<Omit<Running, "stop">> {
  const { clock, options } = run;
  const credentials = await loadCredentials(run, local);
  const { token } = credentials;
  const processes = await startLocal(run, local, { undo, onProgress, token });
  const platform = await bootPlatform({
    targets: local.targets,
    registry,
    clock,
    rng: createRng(`up/${clock.now()}`),
    git,
    sealingKeys: local.sealingKeys,
    secretValues: local.secretValues,
    rootCa: credentials.authority.certificatePem,
    signCertificate: certificateSigner(credentials.authority, clock),
    stageDelays: BRISK_DELAYS,
    volumeDelay: { ms: 100, jitterMs: 100 },
    ...(processes === undefined ? {} : { local: processes.options }),
  });
  undo.push(() => platform.stop());
  const apis = await serveApis(run, local, platform.targets, { credentials, undo });
  processes?.served(
    apis.map(({ url }, index) => [local.targets[index]?.cluster.target ?? "", url]),
    platform.targets.map(({ cluster }) => cluster.api),
  );
  writeKubeconfig(run, platform.targets, apis);
  const ingress = await serveIngress(platform.ingress, {
    httpPort: options.httpPort,
    httpsPort: options.httpsPort,
    clock,
    rng: createRng(`ingress/${clock.now()}`),
    aliases: [{ suffix: LOCALHOST, standsFor: `.${platform.hub.target.cluster.domain}` }],
    ...(processes === undefined ? {} : { onSpan: processes.onSpan }),
    certificate: { certPem: credentials.server.certificatePem, keyPem: credentials.server.keyPem },
  });
  undo.push(() => ingress.close());
  const clusters = platform.targets.map((target, index) =>
    describeCluster(target, apis[index]?.url ?? ""),
  );
  return {
    platform,
    clusters,
    local: platform.targets.flatMap((target) => target.local?.statements ?? []),
    httpPort: ingress.httpPort,
    httpsPort: ingress.httpsPort,
  };
}

const LOCALHOST = ".localhost";

/** Under each name that the ingress answers to. */
function namesOf({ routes, domain }: CompiledTarget["cluster"]): string[] {
  return routes.flatMap(({ hostname }) =>
    hostname.endsWith(`.${domain}`)
      ? [hostname, hostname.slice(0, -domain.length - 1) + LOCALHOST]
      : [hostname],
  );
}

/** One authority for all clusters of a state folder; the server's names cover each `kubernetes` Service and every route. */
async function loadCredentials(
  { clock, state }: UpRun,
  { targets }: LocalPlatform,
): Promise<Credentials> {
  const hosts = targets.flatMap(({ cluster }) => [
    ...serverHosts(cluster.network.serviceRange),
    ...namesOf(cluster),
  ]);
  const credentials = ensureCredentials({
    stateDirectory: state.certificates,
    now: clock.now(),
    hosts: [...new Set(hosts)],
  });
  state.writeAuthority(credentials.authority.certificatePem);
  return credentials;
}

/** Ports go upwards from the first; 0 picks a free one for each. */
async function serveApis(
  { options, clock, state }: UpRun,
  local: LocalPlatform,
  targets: readonly EmbeddedTarget[],
  { credentials, undo }: { readonly credentials: Credentials; readonly undo: Undo[] },
): Promise<ServedApi[]> {
  const apis: ServedApi[] = [];
  for (const [index, { cluster, target }] of targets.entries()) {
    const port = options.port === 0 ? 0 : options.port + index;
    const compiled = local.targets.find((one) => one.cluster.target === target.cluster.target);
    const log = compiled && openAuditLog(join(state.path, "audit"), compiled);
    if (log !== undefined) undo.push(() => log.close());
    const api = await serveApi(cluster.context, {
      name: target.cluster.target,
      port,
      clock,
      credentials,
      audit: log?.audit,
    });
    undo.push(() => api.close());
    apis.push(api);
  }
  return apis;
}

function writeKubeconfig(
  { state }: UpRun,
  targets: readonly EmbeddedTarget[],
  apis: readonly ServedApi[],
): void {
  const clusters = apis.map(({ url, caPem, token }, index) => ({
    name: targets[index]?.target.cluster.target ?? "",
    server: url,
    caPem,
    token,
  }));
  const [first] = clusters;
  if (first !== undefined) state.writeKubeconfig(kubeconfig({ clusters, current: first.name }));
}

function describeCluster({ target }: EmbeddedTarget, server: string): Running["clusters"][number] {
  const nodes = target.cluster.nodes.reduce((total, { count }) => total + count, 0);
  return { name: target.cluster.target, server, nodes };
}
