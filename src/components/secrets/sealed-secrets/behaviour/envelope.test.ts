import { generateKeyPairSync } from "node:crypto";

import { describe, expect, it } from "vitest";

import { sealValue, unsealValue } from "./envelope.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const scope = { namespace: "data", name: "orders-app" };

describe("the sealed envelope", () => {
  it("opens with the key and scope it was made for", () => {
    expect(
      unsealValue(sealValue("pässword", scope, publicKey), scope, privateKey)?.toString(),
    ).toBe("pässword");
  });

  it("has the published layout: length, wrapped key, body with tag", () => {
    const bytes = Buffer.from(sealValue("abc", scope, publicKey), "base64");
    expect(bytes.readUInt16BE(0)).toBe(256);
    expect(bytes.length).toBe(2 + 256 + 3 + 16);
  });

  const damaged = (blob: string): string => {
    const bytes = Buffer.from(blob, "base64");
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    return bytes.toString("base64");
  };
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const blob = sealValue("secret", scope, publicKey);
  it.each([
    { name: "another namespace", blob, scope: { ...scope, namespace: "shop" }, key: privateKey },
    { name: "another name", blob, scope: { ...scope, name: "other" }, key: privateKey },
    { name: "another key", blob, scope, key: other },
    { name: "a damaged blob", blob: damaged(blob), scope, key: privateKey },
    { name: "no blob at all", blob: "", scope, key: privateKey },
    { name: "a cut blob", blob: blob.slice(0, 40), scope, key: privateKey },
  ])("refuses $name", ({ blob: text, scope: wanted, key }) => {
    expect(unsealValue(text, wanted, key)).toBeUndefined();
  });
});
