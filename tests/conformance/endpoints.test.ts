// docs/guide/endpoints.md: every endpoint of a running cluster, as its own discovery lists them, and how it answers what
// it does not serve. The page is this test's golden file, so `npm run test:update` rewrites it and nothing in it can rot.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { REPOSITORY } from "../../scripts/run-command.ts";
import { startServedCluster } from "../../src/cluster/serve/testing/served-cluster.ts";
import type { ServedCluster } from "../../src/cluster/serve/testing/served-cluster.ts";

interface ListedResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
}

interface ListedVersion {
  /** `/api/v1`, `/apis/apps/v1`. */
  readonly path: string;
  readonly resources: readonly ListedResource[];
}

/** A request that is refused, or answered otherwise than a real API server would. */
interface Refusal {
  readonly what: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const POD = "/api/v1/namespaces/default/pods/p";
const CBOR = "application/cbor";
const PROTOBUF = "application/vnd.kubernetes.protobuf";

const REFUSALS: readonly Refusal[] = [
  { what: "commands in simulated pods", method: "POST", path: `${POD}/exec?command=ls` },
  { what: "attaching to simulated pods", method: "POST", path: `${POD}/attach` },
  { what: "forwarding ports of simulated pods", method: "POST", path: `${POD}/portforward` },
  { what: "proxying to simulated pods", path: `${POD}/proxy/` },
  { what: "proxying to nodes", path: "/api/v1/nodes/n/proxy/" },
  {
    what: "resource metrics, unless a server is added for them",
    path: "/apis/metrics.k8s.io/v1beta1/nodes",
  },
  {
    what: "alpha and beta versions of built-in groups",
    path: "/apis/storage.k8s.io/v1beta1/storageclasses",
  },
  { what: "a version of the core group but v1", path: "/api/v2" },
  { what: "a resource nobody defined", path: "/api/v1/nopes" },
  { what: "a group nobody defined", path: "/apis/example.com/v1/nopes" },
  {
    what: "OpenAPI v3 as protobuf",
    path: "/openapi/v3/apis/apps/v1",
    headers: { accept: "application/com.github.proto-openapi.spec.v3.v1.0+protobuf" },
  },
  { what: "answers in protobuf alone", path: "/api/v1/pods", headers: { accept: PROTOBUF } },
  { what: "answers in CBOR", path: "/api/v1/pods", headers: { accept: CBOR } },
  {
    what: "bodies in CBOR",
    method: "POST",
    path: "/api/v1/namespaces",
    headers: { "content-type": CBOR },
    body: "x",
  },
  { what: "HEAD of an object", method: "HEAD", path: POD },
  { what: "OPTIONS", method: "OPTIONS", path: POD },
  { what: "node logs", path: "/logs/" },
  { what: "profiles", path: "/debug/pprof/" },
  { what: "the old swagger document", path: "/swagger.json" },
];

let cluster: ServedCluster;
let versions: readonly ListedVersion[];
let others: readonly string[];

beforeAll(async () => {
  cluster = await startServedCluster();
  const create = (path: string, object: unknown) => cluster.send("POST", path, object);
  const spec = { nodeName: "n", containers: [{ name: "c", image: "i" }] };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec };
  await create("/api/v1/namespaces/default/pods", pod);
  await create("/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "n" } });
  const { paths }: { paths: string[] } = JSON.parse((await cluster.get("/")).text);
  others = paths.filter((path) => !/^\/apis?(\/|$)/.test(path));
  const listed = paths.filter((path) => /^\/api\/[^/]+$|^\/apis\/[^/]+\/[^/]+$/.test(path));
  versions = await Promise.all(
    listed.map(async (path) => {
      const { resources }: ListedVersion = JSON.parse((await cluster.get(path)).text);
      return { path, resources };
    }),
  );
});
afterAll(() => cluster.served.close());

describe("the page of endpoints", () => {
  it("is what a running cluster says", async () => {
    const page = [
      INTRODUCTION,
      await otherPaths(),
      ...versions.map(versionTable),
      await refusalTable(),
    ].join("\n");
    await expect(page).toMatchFileSnapshot(join(REPOSITORY, "docs/guide/endpoints.md"));
  });

  it("lists collections that answer", async () => {
    const wrong: string[] = [];
    for (const { path, resources } of versions) {
      for (const { name, verbs } of resources.filter((one) => !one.name.includes("/"))) {
        const { status } = await cluster.get(`${path}/${name}?limit=1`);
        if (status !== (verbs.includes("list") ? 200 : 405))
          wrong.push(`${path}/${name} ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

const INTRODUCTION = `# Endpoints of the embedded cluster

Written by \`tests/conformance/endpoints.test.ts\` from the answers of a running cluster; \`npm run test:update\` writes it again.
Kinds of CustomResourceDefinitions and of added API servers come on top while they are there.
`;

async function otherPaths(): Promise<string> {
  const rows = await Promise.all(
    others.map(async (path) => {
      const { status, headers } = await cluster.get(path);
      const [type] = String(headers["content-type"]).split(";");
      return `| \`${path}\` | ${status} ${type} |`;
    }),
  );
  return table("Outside of resources", ["path", "GET answers"], rows);
}

const EVERY_VERB = "create delete deletecollection get list patch update watch";

function versionTable({ path, resources }: ListedVersion): string {
  const rows = resources
    .filter(({ name }) => !name.includes("/"))
    .map(({ name, kind, namespaced, verbs, shortNames = [] }) => {
      const below = resources
        .filter((one) => one.name.startsWith(`${name}/`))
        .map((one) => `${one.name.slice(name.length + 1)} (${one.verbs.join(", ")})`);
      const can = verbs.toSorted().join(" ") === EVERY_VERB ? "all" : verbs.join(", ");
      const names = [name, ...shortNames].map((one) => `\`${one}\``).join(" ");
      const scope = namespaced ? "namespace" : "cluster";
      return `| ${names} | ${kind} | ${scope} | ${can} | ${below.join("; ")} |`;
    });
  return table(path, ["resource", "kind", "scope", "verbs", "subresources"], rows);
}

async function refusalTable(): Promise<string> {
  const rows: string[] = [];
  for (const { what, method = "GET", path, headers = {}, body } of REFUSALS) {
    const { status, text } = await cluster.send(method, path, body, headers);
    const said = text.startsWith("{") ? JSON.parse(text).message : text.trim();
    const [line = ""] = String(said).split("\n");
    rows.push(`| ${what} | \`${method} ${path}\` | ${status} ${line} |`);
  }
  return table("What is not served, and how it answers", ["what", "for example", "answer"], rows);
}

function table(title: string, heads: readonly string[], rows: readonly string[]): string {
  const line = `| ${heads.join(" | ")} |`;
  return [`## ${title}`, "", line, `|${"---|".repeat(heads.length)}`, ...rows, ""].join("\n");
}
