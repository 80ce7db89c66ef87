// The S3 server and the stand-in for rclone against each other, over real sockets and a real folder.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createRealClock } from "../../core/index.ts";
import { runRclone } from "../rclone/rclone.ts";
import { createS3Client, type S3Client } from "../rclone/s3-client.ts";
import { decodeChunks } from "./request-body.ts";
import { createS3Server, type S3Server } from "./s3-server.ts";

const clock = createRealClock();
const KEYS = { accessKeyId: "uploads-key", secretAccessKey: "uploads-secret" };
const IDENTITIES = [
  {
    name: "uploads",
    credentials: [{ accessKey: KEYS.accessKeyId, secretKey: KEYS.secretAccessKey }],
    actions: ["Read:uploads", "Write:uploads", "List:uploads"],
  },
  {
    name: "root",
    credentials: [{ accessKey: "root", secretKey: "root-secret" }],
    actions: ["Admin"],
  },
];

let folder: string;
let server: S3Server;
let endpoint: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "keelson-s3-"));
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  server = createS3Server({ folder: join(folder, "buckets"), identities: IDENTITIES, clock });
  endpoint = await listen(server.signed);
}

async function stop(): Promise<void> {
  for (const one of [server.signed, server.unsigned]) {
    one.closeAllConnections();
    if (one.listening) await new Promise((resolve) => one.close(resolve));
  }
}

function listen(one: Server): Promise<string> {
  return new Promise((resolve) => {
    one.listen(0, "127.0.0.1", () => {
      resolve(`http://127.0.0.1:${(one.address() as AddressInfo).port}`);
    });
  });
}

const clientOf = (credentials = KEYS): S3Client =>
  createS3Client({ endpoint, region: "us-east-1", credentials, clock });
const root = (): S3Client => clientOf({ accessKeyId: "root", secretAccessKey: "root-secret" });

function rclone(...parameters: string[]): Promise<string> {
  let out = "";
  const variables = {
    RCLONE_CONFIG_HERE_TYPE: "s3",
    RCLONE_CONFIG_HERE_ENDPOINT: endpoint,
    RCLONE_CONFIG_HERE_ACCESS_KEY_ID: "root",
    RCLONE_CONFIG_HERE_SECRET_ACCESS_KEY: "root-secret",
  };
  return runRclone({ parameters, variables, clock, out: (text) => (out += text) }).then(() => out);
}

const keysOf = async (bucket: string): Promise<string[]> =>
  (await root().list(bucket, "")).map(({ key }) => key);

describe("objects", () => {
  beforeEach(() => root().makeBucket("uploads"));

  it("are there after the server is started again", async () => {
    const data = Buffer.from("a picture");
    await clientOf().put("uploads", "sommer/Bild 1 (ä).png", data, "image/png");
    await stop();
    await start();
    const { data: found, type } = await clientOf().get("uploads", "sommer/Bild 1 (ä).png");
    expect([found.toString(), type]).toEqual(["a picture", "image/png"]);
  });

  it("are listed over several pages, sorted by key", async () => {
    const names = Array.from({ length: 1005 }, (_, index) => `k${String(index).padStart(4, "0")}`);
    for (const name of names) await root().put("uploads", name, Buffer.from(name));
    expect(await keysOf("uploads")).toEqual(names);
  });

  it("belong to whom the identities say", async () => {
    await root().makeBucket("backups");
    await expect(clientOf().put("backups", "x", Buffer.from(""))).rejects.toThrow("Access Denied");
    const wrong = clientOf({ ...KEYS, secretAccessKey: "guessed" });
    await expect(wrong.list("uploads", "")).rejects.toThrow(/signature we calculated/);
    expect((await fetch(`${endpoint}/uploads/x`)).status).toBe(403);
  });

  it("come in pieces", async () => {
    await root().put("uploads", "digits", Buffer.from("0123456789"));
    const unsigned = await listen(server.unsigned);
    const part = await fetch(`${unsigned}/uploads/digits`, { headers: { range: "bytes=2-4" } });
    expect([part.status, await part.text(), part.headers.get("content-range")]).toEqual([
      206,
      "234",
      "bytes 2-4/10",
    ]);
    const folded = await fetch(`${unsigned}/uploads?list-type=2&delimiter=/`);
    expect(await folded.text()).toContain("<Key>digits</Key>");
  });

  it("arrive in chunks and in parts", async () => {
    const chunked =
      "4;chunk-signature=00\r\nabcd\r\n3;chunk-signature=00\r\nefg\r\n0;chunk-signature=00\r\n\r\n";
    expect(decodeChunks(Buffer.from(chunked)).toString()).toBe("abcdefg");
    const unsigned = `${await listen(server.unsigned)}/uploads/big`;
    const begun = await (await fetch(`${unsigned}?uploads`, { method: "POST" })).text();
    const id = /<UploadId>(.*)<\/UploadId>/.exec(begun)?.[1] ?? "";
    for (const [number, body] of [
      [1, "first "],
      [2, "second"],
    ] as const)
      await fetch(`${unsigned}?partNumber=${number}&uploadId=${id}`, { method: "PUT", body });
    const parts = [1, 2]
      .map((number) => `<Part><PartNumber>${number}</PartNumber></Part>`)
      .join("");
    const body = `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`;
    const done = await fetch(`${unsigned}?uploadId=${id}`, { method: "POST", body });
    expect(await done.text()).toMatch(/-2&quot;<\/ETag>/);
    expect((await root().get("uploads", "big")).data.toString()).toBe("first second");
  });
});

describe("the stand-in for rclone", () => {
  it("copies a folder to a bucket and back", async () => {
    await rclone("mkdir", "here:backups");
    mkdirSync(join(folder, "work", "deep"), { recursive: true });
    writeFileSync(join(folder, "work", "deep", "dump.sql.gz"), "dump");
    await rclone("copy", join(folder, "work"), "here:backups/databases/orders");
    expect(await keysOf("backups")).toEqual(["databases/orders/deep/dump.sql.gz"]);
    await rclone("copy", "here:backups/databases/orders/deep/dump.sql.gz", join(folder, "back"));
    expect(readFileSync(join(folder, "back", "dump.sql.gz"), "utf8")).toBe("dump");
  });

  it("deletes by age, and lists and purges folders", async () => {
    await rclone("mkdir", "here:backups");
    for (const key of ["a/1", "b/2"]) await root().put("backups", key, Buffer.from(key));
    await rclone("delete", "--min-age", "3600s", "here:backups");
    expect(await rclone("lsf", "--dirs-only", "here:backups")).toBe("a/\nb/\n");
    await rclone("purge", "here:backups/a");
    expect(await keysOf("backups")).toEqual(["b/2"]);
  });

  it("keeps what a mirror would lose in the backup folder", async () => {
    for (const bucket of ["uploads", "backups"]) await rclone("mkdir", `here:${bucket}`);
    const mirror = (): Promise<string> =>
      rclone(
        "sync",
        "here:uploads",
        "here:backups/m/current",
        "--backup-dir",
        "here:backups/m/old",
      );
    for (const key of ["changed", "gone"]) await root().put("uploads", key, Buffer.from("first"));
    await mirror();
    await root().put("uploads", "changed", Buffer.from("second"));
    await root().remove("uploads", "gone");
    await mirror();
    expect(await keysOf("backups")).toEqual(["m/current/changed", "m/old/changed", "m/old/gone"]);
    expect((await root().get("backups", "m/old/changed")).data.toString()).toBe("first");
  });

  it("refuses what it does not do", async () => {
    await expect(rclone("bisync", "here:a", "here:b")).rejects.toThrow(/install rclone/);
    await expect(rclone("copy", "--checksum", "a", "b")).rejects.toThrow(/--checksum/);
  });
});
