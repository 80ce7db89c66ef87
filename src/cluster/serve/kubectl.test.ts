// A stock kubectl against a running embedded cluster: what people type, and what they see.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findTool } from "../../../tests/skip.ts";
import { createRealClock, createRng } from "../../core/index.ts";
import { createEmbeddedCluster } from "../embedded-cluster.ts";
import type { EmbeddedCluster } from "../embedded-cluster.ts";
import { serveApi } from "./serve-api.ts";
import type { ServedApi } from "./serve-api.ts";

const kubectl = await findTool("kubectl");

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let home: string;
let cluster: EmbeddedCluster;
let served: ServedApi;

async function start(): Promise<void> {
  home = mkdtempSync(join(tmpdir(), "keelson-kubectl-"));
  const clock = createRealClock({ keepAlive: true });
  cluster = createEmbeddedCluster({ name: "test", clock, rng: createRng("kubectl") });
  served = await serveApi(cluster.context, { name: "test", port: 0, clock });
  await cluster.start();
  writeFileSync(join(home, "config"), served.kubeconfig);
}

async function stop(): Promise<void> {
  cluster.stop();
  await served.close();
  rmSync(home, { recursive: true });
}

/** Words of a command line; `stdin` is what the command reads from `-`. */
function run(command: string, stdin?: unknown): Promise<Run> {
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    KUBECONFIG: join(home, "config"),
    TERM: "dumb",
  };
  return new Promise((resolve) => {
    const child = execFile(kubectl ?? "", command.split(" "), { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr: stderr.replace(/^WARNING: version difference.*\n/, "") });
    });
    child.stdin?.end(stdin === undefined ? "" : JSON.stringify(stdin));
  });
}

/** Columns of a printed table, first line included. */
function table({ stdout }: Run): readonly (readonly string[])[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/).map((cell) => cell.trim()));
}

function deployment(name: string, replicas: number, image = "registry.example/app:1") {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "c", image, ports: [{ containerPort: 80 }] }] },
      },
    },
  };
}

function configMap(name: string, data: Readonly<Record<string, string>>) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

describe.skipIf(kubectl === undefined)("kubectl", () => {
  beforeAll(start);
  afterAll(stop);

  it("rolls a Deployment out and scales it", async () => {
    expect((await run("apply -f -", deployment("web", 2))).stdout).toBe(
      "deployment.apps/web created\n",
    );
    const status = await run("rollout status deployment/web --timeout=30s");
    expect(status.stdout).toContain('deployment "web" successfully rolled out\n');
    expect((await run("scale deployment/web --replicas=3")).stdout).toBe(
      "deployment.apps/web scaled\n",
    );
    const waited = "wait --for=jsonpath={.status.availableReplicas}=3 deployment/web --timeout=30s";
    expect((await run(waited)).code).toBe(0);
  });

  it("changes a Deployment and rolls it back", async () => {
    await run("apply -f -", deployment("rolled", 0));
    await run("set image deployment/rolled c=registry.example/app:2");
    expect((await run("rollout status deployment/rolled --timeout=30s")).code).toBe(0);
    expect((await run("rollout undo deployment/rolled")).stdout).toBe(
      "deployment.apps/rolled rolled back\n",
    );
    expect((await run("rollout status deployment/rolled --timeout=30s")).code).toBe(0);
    const path = "{.spec.template.spec.containers[0].image}";
    const image = await run(`get deployment rolled -o jsonpath=${path}`);
    expect(image.stdout).toBe("registry.example/app:1");
    expect((await run("rollout history deployment/rolled")).stdout).toContain("REVISION");
  });

  it("prints tables, wide and over all namespaces", async () => {
    const [header, row] = table(await run("get deployment web -o wide"));
    expect(header).toEqual([
      "NAME",
      "READY",
      "UP-TO-DATE",
      "AVAILABLE",
      "AGE",
      "CONTAINERS",
      "IMAGES",
      "SELECTOR",
    ]);
    expect(row).toEqual([
      "web",
      "3/3",
      "3",
      "3",
      expect.any(String),
      "c",
      "registry.example/app:1",
      "app=web",
    ]);
    const pods = table(await run("get pods -A -l app=web --sort-by=.metadata.name"));
    expect(pods.slice(1).map(([namespace, , ready, phase]) => [namespace, ready, phase])).toEqual(
      Array.from({ length: 3 }, () => ["default", "1/1", "Running"]),
    );
    expect((await run("get rs,deploy -o name")).stdout).toContain("deployment.apps/web\n");
    expect((await run("get pod absent")).stderr).toBe(
      'Error from server (NotFound): pods "absent" not found\n',
    );
    expect((await run("get nopes")).stderr).toContain("the server doesn't have a resource type");
  });

  it("describes with events", async () => {
    const { stdout } = await run("describe deployment web");
    expect(stdout).toContain(
      "Replicas:               3 desired | 3 updated | 3 total | 3 available",
    );
    expect(stdout).toContain("ScalingReplicaSet");
    expect((await run("describe node node-0")).stdout).toContain("Non-terminated Pods:");
  });

  it("watches", async () => {
    await run("create configmap watched");
    const changed = run("get configmap watched -w --request-timeout=2s -o name");
    await run("label configmap watched a=b");
    expect((await changed).stdout).toContain("configmap/watched\n");
  });

  it("applies on the client's side and says what happened", async () => {
    const outcomes = [
      await run("apply -f -", configMap("settings", { a: "1" })),
      await run("apply -f -", configMap("settings", { a: "1" })),
      await run("apply -f -", configMap("settings", { b: "2" })),
    ];
    expect(outcomes.map(({ stdout }) => stdout)).toEqual([
      "configmap/settings created\n",
      "configmap/settings unchanged\n",
      "configmap/settings configured\n",
    ]);
    expect((await run("get configmap settings -o jsonpath={.data}")).stdout).toBe('{"b":"2"}');
    const service = (port: number) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "merged" },
      spec: {
        ports: [
          { name: "a", port },
          { name: "b", port: 81 },
        ],
      },
    });
    await run("apply -f -", service(80));
    // The list merges by port, so the changed item replaces the old one.
    await run("apply -f -", service(8080));
    expect((await run("get service merged -o jsonpath={.spec.ports[*].port}")).stdout).toBe(
      "8080 81",
    );
  });

  it("refuses unknown fields", async () => {
    const bad = { ...configMap("bad", {}), datum: {} };
    const { code, stderr } = await run("apply -f -", bad);
    expect(code).toBe(1);
    expect(stderr).toContain('strict decoding error: unknown field "datum"');
  });

  it("applies on the server's side, with conflicts", async () => {
    const owned = configMap("owned", { a: "1" });
    expect((await run("apply --server-side -f -", owned)).stdout).toBe(
      "configmap/owned serverside-applied\n",
    );
    const theirs = configMap("owned", { a: "2" });
    const conflict = await run("apply --server-side --field-manager=other -f -", theirs);
    expect(conflict.stderr).toContain('conflict with "kubectl": .data.a');
    const forced = await run(
      "apply --server-side --field-manager=other --force-conflicts -f -",
      theirs,
    );
    expect(forced.code).toBe(0);
  });

  it("diffs and dry-runs", async () => {
    const same = await run("diff -f -", configMap("settings", { b: "2" }));
    expect([same.code, same.stdout]).toEqual([0, ""]);
    const { code, stdout } = await run("diff -f -", configMap("settings", { b: "3" }));
    expect(code).toBe(1);
    expect(stdout).toContain('-  b: "2"\n+  b: "3"\n');
    const dry = await run("apply --dry-run=server -f -", configMap("never", {}));
    expect(dry.stdout).toBe("configmap/never created (server dry run)\n");
    expect((await run("get configmap never")).code).toBe(1);
  });

  it("creates by typed clients, which send protobuf", async () => {
    for (const [command, said] of [
      [
        "create deployment typed --image=registry.example/app:1 --replicas=0",
        "deployment.apps/typed created\n",
      ],
      ["create secret generic typed --from-literal=a=1", "secret/typed created\n"],
      [
        "create role typed --verb=get --resource=pods",
        "role.rbac.authorization.k8s.io/typed created\n",
      ],
      ["create quota typed --hard=pods=500", "resourcequota/typed created\n"],
      ["create job typed --image=registry.example/app:1", "job.batch/typed created\n"],
      ["create service clusterip typed --tcp=80:8080", "service/typed created\n"],
    ] as const) {
      expect((await run(command)).stdout).toBe(said);
    }
    const replicas = await run("get deployment typed -o jsonpath={.spec.replicas}");
    expect(replicas.stdout).toBe("0");
    const port = await run("get service typed -o jsonpath={.spec.ports[0].targetPort}");
    expect(port.stdout).toBe("8080");
  });

  it("explains fields from the published schema", async () => {
    const { stdout } = await run("explain deployment.spec");
    expect(stdout).toContain("FIELD: spec <DeploymentSpec>");
    expect(stdout).toContain("  replicas\t<integer>\n");
    expect(stdout).toContain("  template\t<PodTemplateSpec> -required-\n");
    expect((await run("explain pod.spec.nope")).stderr).toContain('field "nope" does not exist');
  });

  it("lists what is served", async () => {
    expect((await run("api-resources --api-group=apps -o name")).stdout).toBe(
      ["controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"]
        .map((name) => `${name}.apps\n`)
        .join(""),
    );
    expect((await run("api-versions")).stdout).toContain("autoscaling/v2\n");
    expect((await run("version")).stdout).toContain("Server Version: v1.36.2+keelson");
  });

  it("says who asks and what that person may do", async () => {
    expect((await run("auth whoami -o jsonpath={.status.userInfo.username}")).stdout).toBe(
      "kubernetes-admin",
    );
    expect((await run("auth can-i create deployments")).stdout).toBe("yes\n");
  });

  it("serves custom resources as soon as they are defined", async () => {
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "gadgets.example.com" },
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { plural: "gadgets", singular: "gadget", kind: "Gadget", shortNames: ["gd"] },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            additionalPrinterColumns: [{ name: "Size", type: "string", jsonPath: ".spec.size" }],
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: { spec: { type: "object", properties: { size: { type: "string" } } } },
              },
            },
          },
        ],
      },
    };
    await run("apply -f -", definition);
    expect(
      (await run("wait --for=condition=Established crd/gadgets.example.com --timeout=10s")).code,
    ).toBe(0);
    const gadget = (size: string) => ({
      apiVersion: "example.com/v1",
      kind: "Gadget",
      metadata: { name: "g" },
      spec: { size },
    });
    expect((await run("apply -f -", gadget("big"))).stdout).toBe("gadget.example.com/g created\n");
    expect((await run("apply -f -", gadget("small"))).stdout).toBe(
      "gadget.example.com/g configured\n",
    );
    expect(table(await run("get gd"))).toEqual([
      ["NAME", "SIZE"],
      ["g", "small"],
    ]);
    expect((await run("explain gadget.spec.size")).stdout).toContain("FIELD: size <string>");
    expect((await run("delete crd gadgets.example.com")).code).toBe(0);
  });

  it("deletes and waits until it is gone", async () => {
    const { stdout } = await run("delete deployment web --timeout=30s");
    expect(stdout).toMatch(/^deployment\.apps "web" deleted/);
    expect((await run("wait --for=delete pod -l app=web --timeout=30s")).code).toBe(0);
  });

  it("drains a node", async () => {
    await run("apply -f -", deployment("moved", 2));
    await run("rollout status deployment/moved --timeout=30s");
    const drained = await run("drain node-1 --ignore-daemonsets --force --timeout=30s");
    expect(drained.code).toBe(0);
    expect(table(await run("get node node-1"))[1]?.[1]).toBe("Ready,SchedulingDisabled");
    expect((await run("get pods --field-selector=spec.nodeName=node-1 -o name")).stdout).toBe("");
  });

  it("says what a simulated pod cannot do", async () => {
    const { stdout } = await run("get pods -l app=moved -o name");
    const [pod = ""] = stdout.split("\n");
    expect((await run(`logs ${pod}`)).code).toBe(0);
    const refused = await run(`exec ${pod} -- ls`);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("pods/exec is not served by the embedded cluster");
  });
});
