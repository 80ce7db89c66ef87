// A controller written in Go with controller-runtime, run against `keelson cluster` and watched from outside: what it makes, what it
// owns, who leads, what is left when its object goes. Then the same controller's own suite, under envtest and with shared informers.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { createRealClock } from "../../src/core/index.ts";
import {
  isNotFound,
  type HttpsApi,
  type KubernetesObject,
  type ObjectRef,
} from "../../src/kubernetes/index.ts";
import { findOnPath } from "../find-tool.ts";
import { REPOSITORY, runCommand } from "../run-command.ts";
import type { ClusterSuite, SuiteOutcome } from "./cluster-suite.ts";
import { startCluster, type RunningCluster } from "./running-cluster.ts";

const MODULE = join(REPOSITORY, "scripts", "conformance", "go-controller");
const WAIT_MS = 40_000;

export const goController: ClusterSuite = {
  name: "controller-runtime",
  async run() {
    if (findOnPath("go") === undefined) return "go is not on the PATH";
    const folder = mkdtempSync(join(tmpdir(), "keelson-go-"));
    const built = await runCommand("go", ["build", "-o", join(folder, "controller"), "."], {
      cwd: MODULE,
    });
    if (isOutOfReach(built.output)) return "the Go module proxy cannot be reached";
    if (built.code !== 0) return { asked: 1, complaints: [built.output] };
    const cluster = await startCluster(folder);
    try {
      return await judge(folder, cluster);
    } finally {
      cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Go's words for a module it cannot get. */
function isOutOfReach(output: string): boolean {
  return /dial tcp|no such host|i\/o timeout|module lookup disabled/.test(output);
}

/** Each promise of the controller is one question. */
async function judge(folder: string, cluster: RunningCluster): Promise<SuiteOutcome> {
  const { api, kubeconfig } = cluster;
  const complaints: string[] = [];
  let asked = 0;
  const ask = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    asked += 1;
    if (!(await until(holds))) complaints.push(what);
  };
  const run = (name: string): ChildProcess =>
    spawn(join(folder, "controller"), ["-name", name], {
      env: { ...process.env, KUBECONFIG: kubeconfig },
      stdio: "ignore",
    });
  const definition: unknown = parse(readFileSync(join(MODULE, "crd.yaml"), "utf8"));
  await api.create(definition as KubernetesObject);
  const first = run("first");
  const others: ChildProcess[] = [];
  try {
    await askAboutObjects(api, ask);
    others.push(run("second"));
    const leader = await holderOf(api);
    first.kill("SIGTERM");
    await ask("the second takes the lease of the first", async () => {
      const holder = await holderOf(api);
      return holder !== "" && holder !== leader;
    });
    await api.create(gadget("later", 1));
    await ask("the second reconciles", () => isReady(api, "later"));
  } finally {
    for (const child of [first, ...others]) child.kill("SIGKILL");
  }
  const suite = await runCommand("go", ["test", "./..."], {
    cwd: MODULE,
    env: { KUBECONFIG: kubeconfig },
  });
  if (suite.code !== 0) complaints.push(suite.output);
  return { asked: asked + 1, complaints };
}

type Ask = (what: string, holds: () => Promise<boolean>) => Promise<void>;

async function askAboutObjects(api: HttpsApi, ask: Ask): Promise<void> {
  await until(() => exists(api, { ...DEFINITION, name: "gadgets.example.com" }));
  await until(async () => (await api.discovery()).some(({ kind }) => kind === "Gadget"));
  await api.create(gadget("one", 2));
  await ask("a Gadget becomes ready", () => isReady(api, "one"));
  const made = await api.get({ ...DEPLOYMENT, name: "one", namespace });
  await ask("its Deployment is owned and applied by the controller", async () => {
    const [owner] = made.metadata.ownerReferences ?? [];
    const managers = (made.metadata.managedFields ?? []).map(
      ({ manager, operation }) => `${manager} ${operation}`,
    );
    return owner?.kind === "Gadget" && managers.includes("gadget-controller Apply");
  });
  await ask("an event is recorded", async () => {
    const { items } = await api.list(EVENT, { namespace });
    return items.some(({ reason, regarding }) => {
      const about = regarding as { readonly kind?: string } | undefined;
      return reason === "Ready" && about?.kind === "Gadget";
    });
  });
  const scaled = { type: "merge", body: { spec: { replicas: 3 } } } as const;
  await api.patch({ ...GADGET, name: "one", namespace }, scaled);
  await ask("a change is followed", async () => {
    const { status } = await api.get({ ...DEPLOYMENT, name: "one", namespace });
    return (status as { readonly readyReplicas?: number } | undefined)?.readyReplicas === 3;
  });
  await api.delete({ ...DEPLOYMENT, name: "one", namespace });
  await ask("a deleted Deployment is made again", async () => {
    const { items } = await api.list(DEPLOYMENT, { namespace, fieldSelector: "metadata.name=one" });
    return items.some(({ metadata }) => metadata.uid !== made.metadata.uid);
  });
  await api.delete({ ...GADGET, name: "one", namespace });
  await ask("a finalizer's work is done", () =>
    exists(api, { ...CONFIG_MAP, name: "farewell-one", namespace }),
  );
  for (const kind of [GADGET, DEPLOYMENT]) {
    const gone = async (): Promise<boolean> =>
      !(await exists(api, { ...kind, name: "one", namespace }));
    await ask(`the ${kind.kind} goes`, gone);
  }
}

const namespace = "default";
const GADGET = { apiVersion: "example.com/v1", kind: "Gadget" };
const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment" };
const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" };
const EVENT = { apiVersion: "events.k8s.io/v1", kind: "Event" };
const LEASE = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
const DEFINITION = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

function gadget(name: string, replicas: number): KubernetesObject {
  const spec = { image: "registry.example/gadget:1", replicas };
  return { ...GADGET, metadata: { name, namespace }, spec };
}

async function isReady(api: HttpsApi, name: string): Promise<boolean> {
  const { status } = await api.get({ ...GADGET, name, namespace });
  const conditions = (status as { readonly conditions?: readonly Condition[] } | undefined)
    ?.conditions;
  return conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

async function holderOf(api: HttpsApi): Promise<string> {
  const { spec } = await api.get({ ...LEASE, name: "gadget-controller", namespace });
  return (spec as { readonly holderIdentity?: string }).holderIdentity ?? "";
}

async function exists(api: HttpsApi, ref: ObjectRef): Promise<boolean> {
  try {
    await api.get(ref);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** False when it has not held in time. */
async function until(holds: () => Promise<boolean>): Promise<boolean> {
  const clock = createRealClock({ keepAlive: true });
  const deadline = clock.now() + WAIT_MS;
  while (!(await holds())) {
    if (clock.now() > deadline) return false;
    await clock.sleep(100);
  }
  return true;
}
