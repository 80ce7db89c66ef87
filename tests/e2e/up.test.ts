// `keelson up` as its users have it: the built command, a folder, real ports, a real git repository.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request as requestHttp, type IncomingHttpHeaders } from "node:http";
import { request as requestHttps, type RequestOptions } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { git } from "../../src/delivery/git/git-process.ts";
import { isAlive, requireBuild, runKeelson, startKeelson } from "./keelson-process.ts";
import type { Ended, RunningCommand } from "./keelson-process.ts";

const FREE_PORTS = ["--port", "0", "--http-port", "0", "--https-port", "0"] as const;
/** Less than the hook may take, so that a delivery that hangs is told by its own words. */
const UP = ["up", "--blueprint", "local-first", "--simulated", "--timeout", "40"] as const;
const HOST = "storefront.dev.127.0.0.1.nip.io";

interface Result {
  readonly outcome: string;
  readonly commit: string;
  readonly clusters: readonly { readonly server: string }[];
  readonly ingress: { readonly http: number; readonly https: number };
  readonly applications: readonly {
    readonly name: string;
    readonly sync: string;
    readonly health: string;
  }[];
}

const folders: string[] = [];
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "keelson-up-"));
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The folder of the first run; the later ones find its keys there. */
let folder: string;
let once: Ended;
beforeAll(async () => {
  await requireBuild();
  folder = temporaryFolder();
  once = await runKeelson(folder, ...UP, ...FREE_PORTS, "--once", "-o", "json");
});

const resultOf = ({ stdout }: Pick<Ended, "stdout">): Result => JSON.parse(stdout) as Result;
const state = (...path: readonly string[]): string => join(folder, ".keelson", ...path);

describe("up --once", () => {
  it("ends with 0 and a result in which everything is Synced and Healthy", () => {
    expect(once.stderr).not.toContain("error");
    expect(once.code).toBe(0);
    const { outcome, applications } = resultOf(once);
    expect(outcome).toBe("healthy");
    expect(applications.length).toBeGreaterThan(10);
    for (const application of applications)
      expect(application).toMatchObject({ sync: "Synced", health: "Healthy" });
  });

  it("leaves no kubeconfig and no claim on the folder, and keeps keys to itself", () => {
    const left = readdirSync(state()).toSorted();
    expect(left).toEqual(["certificates", "repository", "secrets"]);
    const modes = filesBelow(state("certificates"), state("secrets")).map(modeOf);
    expect(modes.length).toBeGreaterThan(3);
    expect(new Set(modes)).toEqual(new Set(["600"]));
    expect([state(), state("certificates"), state("secrets")].map(modeOf)).toEqual(
      Array.from({ length: 3 }, () => "700"),
    );
  });

  it("shows no secret: not in its output, not in the repository", async () => {
    const secrets = secretTexts();
    expect(secrets.length).toBeGreaterThan(8);
    const told = once.stdout + once.stderr;
    for (const secret of secrets) expect(told.includes(secret)).toBe(false);
    const args = ["grep", "--quiet", "--fixed-strings", ...secrets.flatMap((text) => ["-e", text])];
    const found = await git([...args, "main", "--"], {
      directory: state("repository"),
      allow: [1],
    });
    expect(found.exitCode).toBe(1);
    const known = await git(["grep", "--quiet", "-e", "SealedSecret", "main", "--"], {
      directory: state("repository"),
    });
    expect(known.exitCode).toBe(0);
  });
});

describe("up", () => {
  let running: RunningCommand;
  let result: Result;
  let kept: ReadonlyMap<string, string>;
  beforeAll(async () => {
    kept = keptFiles();
    running = startKeelson(folder, ...UP, ...FREE_PORTS, "-o", "json");
    result = resultOf({ stdout: await running.printed("\n}\n") });
  });
  afterAll(() => running.signal("SIGKILL"));

  it("reuses keys, values and the repository of the run before, and says unchanged", () => {
    expect(once.stderr).toMatch(/^git .*main created, [0-9a-f]{7}/m);
    expect(running.said().stderr).toMatch(/^git .*main unchanged, [0-9a-f]{7}/m);
    expect(result.commit).toBe(resultOf(once).commit);
    expect(keptFiles()).toEqual(kept);
  });

  it("serves an app through the ingress, and its pod says that it is simulated", async () => {
    const answer = await ask({ port: result.ingress.http, host: HOST });
    expect(answer.status).toBe(200);
    expect(answer.headers["x-keelson-simulated"]).toBe("true");
    expect(JSON.parse(answer.body)).toMatchObject({ simulated: true, namespace: "storefront" });
  });

  it("serves Argo CD's webhook, which knows no announcement without a host's header", async () => {
    const argocd = "argocd.dev.127.0.0.1.nip.io";
    const answer = await ask({ port: result.ingress.http, host: argocd, path: "/api/webhook" });
    expect([answer.status, answer.body]).toEqual([400, "Unknown webhook event\n"]);
  });

  it.each([HOST, "storefront.localhost"])(
    "ends TLS in front of it with a certificate of the folder's authority for %s",
    async (host) => {
      const ca = readFileSync(state("certificates", "ca.crt"), "utf8");
      expect((await ask({ port: result.ingress.https, host, ca })).status).toBe(200);
    },
  );

  it("refuses a host nobody routes, and says why", async () => {
    const answer = await ask({ port: result.ingress.http, host: "nobody.example.com" });
    expect(answer.status).toBe(404);
    expect((JSON.parse(answer.body) as { reason: string }).reason).toContain("nobody.example.com");
  });

  it("has the folder to itself", async () => {
    const second = await runKeelson(folder, ...UP, ...FREE_PORTS, "--once");
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`process ${running.pid}`);
    expect(statSync(state("kubeconfig")).isFile()).toBe(true);
  });

  it.each(["--port", "--http-port", "--https-port"])("says when %s is taken", async (option) => {
    const { clusters, ingress } = result;
    const taken = {
      "--port": Number(new URL(clusters[0]?.server ?? "").port),
      "--http-port": ingress.http,
      "--https-port": ingress.https,
    }[option];
    const ports = [...FREE_PORTS, option, String(taken)];
    const refused = await runKeelson(temporaryFolder(), ...UP, ...ports, "--once");
    expect(refused.stderr).toContain(`error: port ${taken} is in use\n  hint: ${option} 0`);
    expect(refused.code).toBe(1);
  });

  it("ends with 130 after Ctrl-C, and nothing of it is left", async () => {
    running.signal("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("stopping");
    expect(isAlive(-running.pid)).toBe(false);
    const ports = [
      new URL(result.clusters[0]?.server ?? "").port,
      ...Object.values(result.ingress),
    ];
    for (const port of ports) await expect(isOpen(Number(port))).resolves.toBe(false);
    expect(readdirSync(state()).toSorted()).toEqual(["certificates", "repository", "secrets"]);
  });
});

describe("up of a definition with TLS on the ingress", () => {
  let own: string;
  let running: RunningCommand;
  let result: Result;
  let authority: string;
  beforeAll(async () => {
    const parent = temporaryFolder();
    own = join(parent, "shop");
    expect((await runKeelson(parent, "init", "shop", "--from", "local-first")).code).toBe(0);
    const withTls = "nginxGatewayFabric({ tls: true })";
    replaceIn(join(own, "platform.ts"), "nginxGatewayFabric()", withTls);
    running = startKeelson(own, "up", ...FREE_PORTS, "-o", "json");
    result = resultOf({ stdout: await running.printed("\n}\n") });
    authority = readFileSync(join(own, ".keelson", "certificates", "ca.crt"), "utf8");
  });
  afterAll(() => running.signal("SIGKILL"));

  it("answers over HTTPS with a certificate of the folder's authority", async () => {
    const answer = await ask({ port: result.ingress.https, host: HOST, ca: authority });
    expect(answer.status).toBe(200);
    expect(answer.headers["x-keelson-simulated"]).toBe("true");
    const unknown = ask({ port: result.ingress.https, host: HOST, ca: [] });
    await expect(unknown).rejects.toThrow("certificate");
  });

  it("sends HTTP there", async () => {
    const answer = await ask({ port: result.ingress.http, host: HOST });
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe(`https://${HOST}:${result.ingress.https}/`);
  });

  it("ends with 130 after SIGTERM as well", async () => {
    running.signal("SIGTERM");
    expect((await running.ended).code).toBe(130);
  });

  it("lets a person's commit stand where the definition wants another, and says what to merge", async () => {
    const directory = join(own, ".keelson", "repository");
    const path = "apps/storefront/base/deployment.yaml";
    replaceIn(join(directory, path), /image: .*/, "image: example.com/mine:1");
    await git(["commit", "--quiet", "--all", "--message", "Mine"], { directory });
    replaceIn(join(own, "platform.ts"), /image: ".*"/, 'image: "example.com/theirs"');
    const { code, stderr } = await runKeelson(own, "up", ...FREE_PORTS, "--once");
    expect(code).toBe(1);
    expect(stderr).toContain(`change the same lines of\n  ${path}\n  hint: git -C `);
    expect(readFileSync(join(directory, path), "utf8")).toContain("image: example.com/mine:1");
  });
});

describe("up refuses", () => {
  it("an environment nobody declared", async () => {
    const { code, stderr } = await runKeelson(temporaryFolder(), ...UP, "--env", "moon", "--once");
    expect(code).toBe(2);
    expect(stderr).toBe(
      "error: there is no environment moon\n  hint: choose from dev, prod, staging\n",
    );
  });

  it("a definition that is wrong, with its findings", async () => {
    const broken = temporaryFolder();
    writeFileSync(join(broken, "platform.yaml"), BROKEN);
    const { code, stdout, stderr } = await runKeelson(broken, "up", "--once");
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("error[");
    expect(stderr).toContain("platform.yaml:");
    expect(readdirSync(join(broken, ".keelson"))).not.toContain("repository");
  });

  it.each(["abc", "0", "-1"])("a timeout of %s", async (timeout) => {
    const refused = await runKeelson(temporaryFolder(), ...UP, "--once", "--timeout", timeout);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("expected seconds, more than 0");
  });

  it("to wait for ever: what is not healthy in time is a failure, with names", async () => {
    const slow = [...UP, ...FREE_PORTS, "--once", "--timeout", "1", "-o", "json"];
    const { code, stderr } = await runKeelson(temporaryFolder(), ...slow);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: .*(healthy)/);
  });
});

const BROKEN = `name: shop
domain: shop.example.com
sites: { laptop: { kind: developer-machine } }
clusters: { local: { kind: k3d, site: nowhere } }
environments: { dev: { clusters: [local] } }
`;

function replaceIn(file: string, before: string | RegExp, after: string): void {
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(before);
  writeFileSync(file, text.replace(before, after));
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

function filesBelow(...directories: readonly string[]): string[] {
  return directories.flatMap((directory) =>
    readdirSync(directory).map((name) => join(directory, name)),
  );
}

/** Keys and values as they lie on disk: file → text. */
const keptFiles = (): ReadonlyMap<string, string> =>
  new Map(
    filesBelow(state("certificates"), state("secrets")).map((file) => [
      file,
      readFileSync(file, "utf8"),
    ]),
  );

/** Generated values are long; short ones are fixed names such as users. Keys count line by line. */
function secretTexts(): string[] {
  const { values } = JSON.parse(readFileSync(state("secrets", "dev.json"), "utf8")) as {
    values: Record<string, Record<string, string>>;
  };
  const generated = Object.values(values).flatMap((keys) => Object.values(keys));
  const { token, authority, server, admin } = JSON.parse(
    readFileSync(state("certificates", "credentials.json"), "utf8"),
  ) as { token: string } & Record<"authority" | "server" | "admin", { keyPem: string }>;
  const pems = [
    authority.keyPem,
    server.keyPem,
    admin.keyPem,
    readFileSync(state("secrets", "dev.sealing-key.pem"), "utf8"),
  ];
  const keyLines = pems.map((pem) => pem.split("\n")[1] ?? "");
  return [...generated, token, ...keyLines].filter((text) => text.length >= 20);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Over TLS when an authority is given. The connection goes to this machine whatever the host's name is. */
function ask(about: {
  readonly port: number;
  readonly host: string;
  readonly path?: string;
  readonly ca?: string | readonly string[];
}): Promise<Answer> {
  const { port, host, path = "/", ca } = about;
  const options: RequestOptions = {
    host: "127.0.0.1",
    port,
    path,
    headers: { host },
    servername: host,
    agent: false,
    ...(ca === undefined ? {} : { ca: [ca].flat() }),
  };
  return new Promise((resolve, reject) => {
    const send = ca === undefined ? requestHttp : requestHttps;
    const sent = send(options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on("error", reject).end();
  });
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
