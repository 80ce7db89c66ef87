// The programs that local services need and a machine may not have, started as `node main.js NAME …` in the place of a
// container. Each reads its container's own variables and mounts.

import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { createRealClock } from "../core/index.ts";
import { runRclone } from "./rclone/rclone.ts";
import { parseIdentities, type Identity } from "./s3/identities.ts";
import { createS3Server } from "./s3/s3-server.ts";
import { serveSqs } from "./sqs-server.ts";

const variables = process.env;
/** The pod's own address. */
const HOST = variables["HOST"] ?? "127.0.0.1";

type Program = (parameters: readonly string[]) => Promise<void>;

const PROGRAMS: Readonly<Record<string, Program>> = {
  "s3-server": serveS3,
  "make-buckets": makeBuckets,
  "sqs-server": serveQueues,
  rclone: (parameters) =>
    runRclone({
      parameters,
      variables,
      clock: createRealClock(),
      out: (text) => void process.stdout.write(text),
    }),
};

async function serveS3(parameters: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      data: { type: "string" },
      identities: { type: "string" },
      port: { type: "string" },
      "unsigned-port": { type: "string" },
    },
  });
  const { signed, unsigned } = createS3Server({
    folder: values.data ?? "data",
    identities: identitiesOf(values.identities),
    clock: createRealClock(),
  });
  await listen(signed, Number(values.port));
  if (values["unsigned-port"] !== undefined)
    await listen(unsigned, Number(values["unsigned-port"]));
  say(`s3 server on ${HOST}:${values.port}, objects in ${values.data}`);
  endWith(() => [signed, unsigned].forEach((server) => server.closeAllConnections()));
}

/** Of the file, else the account that MinIO's variables name. */
function identitiesOf(file: string | undefined): readonly Identity[] {
  if (file !== undefined) return parseIdentities(readFileSync(mounted(file), "utf8"));
  const { MINIO_ROOT_USER: accessKey = "", MINIO_ROOT_PASSWORD: secretKey = "" } = variables;
  return [{ name: "root", credentials: [{ accessKey, secretKey }], actions: ["Admin"] }];
}

/** A path of the container, below the folder where its mounts are. */
function mounted(path: string): string {
  const root = variables["KEELSON_ROOT"] ?? "/";
  return path.startsWith(root) ? path : join(root, path);
}

/** `make-buckets HOST:PORT NAME…`: tries until the server is there. */
async function makeBuckets([server = "", ...buckets]: readonly string[]): Promise<void> {
  const clock = createRealClock({ keepAlive: true });
  const isUp = (): Promise<boolean> =>
    fetch(`http://${server}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isUp())) await clock.sleep(500);
  for (const bucket of buckets) {
    const { status } = await fetch(`http://${server}/${bucket}`, { method: "PUT" });
    if (status !== 200 && status !== 409) throw new Error(`bucket ${bucket}: status ${status}`);
    say(`bucket ${bucket} ${status === 200 ? "made" : "is there"}`);
  }
}

async function serveQueues(parameters: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      packages: { type: "string" },
      configuration: { type: "string" },
      port: { type: "string" },
    },
  });
  const port = Number(values.port);
  const configuration = readFileSync(mounted(values.configuration ?? ""), "utf8");
  const { packages = "" } = values;
  const server = await serveSqs({ packages, configuration, host: HOST, port });
  say(`sqs server on ${HOST}:${port}`);
  endWith(() => void server.close());
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, HOST, resolve);
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function endWith(stop: () => void): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      stop();
      process.exit(0);
    });
}

const [name = "", ...parameters] = process.argv.slice(2);
const program = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
try {
  if (program === undefined) throw new Error(`there is no program ${name}`);
  await program(parameters);
} catch (error) {
  process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
