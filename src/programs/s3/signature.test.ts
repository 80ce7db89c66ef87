// Amazon's own example of a signed request, and what happens to it when anything changes.

import { describe, expect, it } from "vitest";

import { sha256, sign, signerOf } from "./signature.ts";

// Source: Amazon S3 API reference, "Authorization Header: Single Chunk", example GET Object.
const CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const REQUEST = {
  method: "GET",
  target: "/test.txt",
  headers: { host: "examplebucket.s3.amazonaws.com", range: "bytes=0-9" },
};
const FACTS = { region: "us-east-1", timestamp: "20130524T000000Z", payloadHash: sha256("") };

describe("signatures of S3 requests", () => {
  const added = sign(REQUEST, CREDENTIALS, FACTS);
  const signed = { ...REQUEST, headers: { ...REQUEST.headers, ...added } };
  const secretOf = (key: string): string | undefined =>
    key === CREDENTIALS.accessKeyId ? CREDENTIALS.secretAccessKey : undefined;

  it("are those of Amazon's example", () => {
    expect(added["authorization"]).toContain(
      "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });

  it.each([
    ["as it was signed", signed, CREDENTIALS.accessKeyId],
    ["another path", { ...signed, target: "/other.txt" }, undefined],
    ["another method", { ...signed, method: "PUT" }, undefined],
    [
      "another header",
      { ...signed, headers: { ...signed.headers, range: "bytes=0-8" } },
      undefined,
    ],
    ["no signature", REQUEST, undefined],
  ])("tell who sent %s", (_name, request, signer) => {
    expect(signerOf(request, secretOf)).toBe(signer);
  });
});
