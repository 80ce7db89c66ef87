import { createPrivateKey } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { compare } from "bcryptjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { sealedEnvelope } from "../../components/index.ts";
import type { PlannedSecret } from "../../model/index.ts";
import { fillSecret } from "./secret-values.ts";
import { localSecrets } from "./local-secrets.ts";
import { mergeSealed } from "./seal-secrets.ts";

const secret = (overrides: Partial<PlannedSecret> = {}): PlannedSecret => ({
  id: "databases.orders",
  name: "orders-app",
  type: "Opaque",
  namespaces: ["data", "shop"],
  provider: "sealed",
  area: "infrastructure/data",
  origin: ["databases", "orders"],
  keys: [
    { key: "username", source: "fixed", value: "orders" },
    { key: "password", source: "generated", length: 32 },
    { key: "url", source: "template", template: "postgresql://${username}:${password}@db/orders" },
  ],
  ...overrides,
});

const AT = Date.UTC(2026, 0, 1);
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keelson-secrets-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("filling a secret", () => {
  it("fixes, generates and derives", async () => {
    const { values, missing } = await fillSecret(secret(), { given: {}, inventPersonal: false });
    expect(values["username"]).toBe("orders");
    expect(values["password"]).toMatch(/^[A-Za-z2-9]{32}$/);
    expect(values["url"]).toBe(`postgresql://orders:${values["password"]}@db/orders`);
    expect(missing).toEqual([]);
  });

  it("asks a person for what only a person knows, unless it may be made up", async () => {
    const asked = secret({
      keys: [{ key: "API_KEY", source: "person", description: "of the payment service" }],
    });
    const real = await fillSecret(asked, { given: {}, inventPersonal: false });
    const laptop = await fillSecret(asked, { given: {}, inventPersonal: true });
    expect(real).toMatchObject({ values: {}, missing: [{ key: "API_KEY" }] });
    expect(laptop.missing).toEqual([]);
  });

  it("makes a line htpasswd understands, and keeps one that still fits", async () => {
    const registry = secret({
      keys: [
        { key: "password", source: "generated", length: 20 },
        { key: "htpasswd", source: "htpasswd", user: "platform", passwordKey: "password" },
      ],
    });
    const first = (await fillSecret(registry, { given: {}, inventPersonal: true })).values;
    const again = (await fillSecret(registry, { given: first, inventPersonal: true })).values;
    expect(await compare(first["password"] ?? "", first["htpasswd"]?.split(":")[1] ?? "")).toBe(
      true,
    );
    expect(again).toEqual(first);
  });
});

describe("the secrets of a laptop", () => {
  it("open with the key they were sealed for, a copy in every namespace", async () => {
    const { sealed, sealingKey } = await localSecrets(directory, "dev", [secret()], AT);
    const { unsealValue } = await sealedEnvelope();
    const key = createPrivateKey(sealingKey.keyPem);
    const open = (namespace: string): string | undefined =>
      unsealValue(
        sealed["databases.orders"]?.[namespace]?.["password"] ?? "",
        { namespace, name: "orders-app" },
        key,
      )?.toString();
    expect(open("data")).toHaveLength(32);
    expect(open("shop")).toBe(open("data"));
  });

  it("are the same after a restart, blob for blob, and gain a copy for a new namespace", async () => {
    const first = await localSecrets(directory, "dev", [secret()], AT);
    const again = await localSecrets(directory, "dev", [secret()], AT);
    const more = await localSecrets(
      directory,
      "dev",
      [secret({ namespaces: ["data", "more", "shop"] })],
      AT,
    );
    expect(again).toEqual(first);
    expect(Object.keys(more.sealed["databases.orders"] ?? {})).toEqual(["data", "more", "shop"]);
  });

  it("are one value in the namespaces of every cluster that has them", async () => {
    const clusters = [secret({ namespaces: ["shop"] }), secret({ namespaces: ["data"] })];
    const { sealed } = await localSecrets(directory, "prod", clusters, AT);
    expect(Object.keys(sealed["databases.orders"] ?? {})).toEqual(["data", "shop"]);
  });

  it("are readable by their owner alone", async () => {
    await localSecrets(directory, "dev", [secret()], AT);
    const folder = join(directory, "secrets");
    const modes = await Promise.all(
      (await readdir(folder)).map(async (file) => (await stat(join(folder, file))).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });
});

describe("merging sealed files", () => {
  it("replaces key by key and keeps the rest", () => {
    const older = { a: { shop: { x: "1", y: "2" } }, b: { shop: { z: "3" } } };
    const newer = { a: { shop: { x: "9" }, data: { x: "8" } } };
    expect(mergeSealed(older, newer)).toEqual({
      a: { shop: { x: "9", y: "2" }, data: { x: "8" } },
      b: { shop: { z: "3" } },
    });
  });
});
