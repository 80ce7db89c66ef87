// The v2 document: the words of v2, and the same in protobuf.

import { describe, expect, it } from "vitest";

import { createResourceRegistry } from "../../api/registry.ts";
import { servedGroups } from "../discovery/served-groups.ts";
import { readFields } from "../protobuf/wire.ts";
import { swaggerDocument } from "./swagger.ts";
import { encodeSwagger } from "./swagger-protobuf.ts";

const document = swaggerDocument(servedGroups(createResourceRegistry().all()));

/** The bytes of every field of that number. */
function fieldsAt(message: Buffer, number: number): readonly Buffer[] {
  return readFields(message).flatMap((field) =>
    field.number === number && Buffer.isBuffer(field.value) ? [field.value] : [],
  );
}

/** Name → bytes of the pairs of a map that stands in a field of a message. */
function pairsAt(message: Buffer, map: number, member: number): ReadonlyMap<string, Buffer> {
  const [bytes = Buffer.alloc(0)] = fieldsAt(message, map);
  return new Map(
    fieldsAt(bytes, member).map((pair) => [
      String(fieldsAt(pair, 1)[0]),
      fieldsAt(pair, 2)[0] ?? Buffer.alloc(0),
    ]),
  );
}

describe("the v2 document", () => {
  it("refers where v3 combines, and keeps what stands beside the reference", () => {
    const pod = document["definitions"];
    expect(pod).toHaveProperty(
      ["io.k8s.api.core.v1.Binding", "properties", "target", "$ref"],
      "#/definitions/io.k8s.api.core.v1.ObjectReference",
    );
    // A list: the properties of JSONSchemaProps have these names too.
    expect(JSON.stringify(document)).not.toMatch(/"(allOf|oneOf|anyOf)":\[/);
  });

  it("names the parameters of a patch, its body among them", () => {
    const patch = ["paths", "/api/v1/namespaces/{namespace}/pods/{name}", "patch"];
    expect(document).toHaveProperty(
      [...patch, "consumes"],
      expect.arrayContaining(["application/strategic-merge-patch+json"]),
    );
    expect(document).toHaveProperty(
      [...patch, "parameters"],
      expect.arrayContaining([
        expect.objectContaining({ name: "body", in: "body" }),
        expect.objectContaining({ name: "fieldValidation", in: "query", type: "string" }),
      ]),
    );
  });

  it("is the same in protobuf", () => {
    const message = encodeSwagger(document);
    expect(String(fieldsAt(message, 1)[0])).toBe("2.0");
    const definitions = pairsAt(message, 9, 1);
    expect([...definitions.keys()]).toEqual(Object.keys(document["definitions"] as object));
    const binding = definitions.get("io.k8s.api.core.v1.Binding") ?? Buffer.alloc(0);
    const target = pairsAt(binding, 25, 1).get("target") ?? Buffer.alloc(0);
    expect(String(fieldsAt(target, 1)[0])).toBe("#/definitions/io.k8s.api.core.v1.ObjectReference");
    expect(pairsAt(message, 8, 2).size).toBe(Object.keys(document["paths"] as object).length);
  });
});
