import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { printSkip } from "../../../../tests/skip.ts";
import { isRecord } from "../../../core/index.ts";
import { startServedCluster } from "../testing/served-cluster.ts";
import type { ServedCluster } from "../testing/served-cluster.ts";

const DATA =
  process.env["KEELSON_TEST_DATA"] ?? join(import.meta.dirname, "../../../../../shared/data");
const PUBLISHED = join(DATA, "kubernetes/openapi-v3");
const hasPublished = existsSync(PUBLISHED);
if (!hasPublished) printSkip("OpenAPI against the published documents", `${PUBLISHED} is absent`);

let cluster: ServedCluster;
beforeAll(async () => {
  cluster = await startServedCluster();
});
afterAll(() => cluster.served.close());

type Node = Readonly<Record<string, unknown>>;

async function schemasAt(path: string): Promise<Readonly<Record<string, Node>>> {
  return schemasOf(JSON.parse((await cluster.get(path)).text));
}

function schemasOf(document: { readonly components: { readonly schemas: Record<string, Node> } }) {
  return document.components.schemas;
}

const COMPARED = [
  "$ref",
  "type",
  "x-kubernetes-patch-strategy",
  "x-kubernetes-patch-merge-key",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
];

/** One line per property: what clients choose types and merges by. */
function outline(
  schemas: Readonly<Record<string, Node>>,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
      const lines = Object.entries(properties).map(
        ([field, node]) => `${field}: ${describeNode(node)}`,
      );
      return [name, lines.toSorted()];
    }),
  );
}

function describeNode(node: unknown): string {
  if (!isRecord(node)) return "";
  const [only] = Array.isArray(node["allOf"]) ? node["allOf"] : [];
  const merged: Node = isRecord(only) ? { ...node, ...only } : node;
  const parts = COMPARED.filter((key) => merged[key] !== undefined).map(
    (key) => `${key}=${String(merged[key])}`,
  );
  if (merged["items"] !== undefined) parts.push(`items(${describeNode(merged["items"])})`);
  const { additionalProperties } = merged;
  if (isRecord(additionalProperties)) parts.push(`values(${describeNode(additionalProperties)})`);
  return parts.join(" ");
}

/** Raw JSON and the like have a schema of their own here. */
const SPECIAL = /\.(JSON|JSONSchemaPropsOr\w+|FieldsV1|RawExtension)$/;

describe.skipIf(!hasPublished)("OpenAPI against the published documents", () => {
  it.each([
    ["api/v1", "api__v1"],
    ["apis/apps/v1", "apis__apps__v1"],
    ["apis/batch/v1", "apis__batch__v1"],
    ["apis/networking.k8s.io/v1", "apis__networking.k8s.io__v1"],
    ["apis/apiextensions.k8s.io/v1", "apis__apiextensions.k8s.io__v1"],
    ["apis/autoscaling/v2", "apis__autoscaling__v2"],
  ])("describes the types of %s as published", async (key, file) => {
    const served = outline(await schemasAt(`/openapi/v3/${key}`));
    const published = outline(
      schemasOf(JSON.parse(readFileSync(join(PUBLISHED, `${file}_openapi.json`), "utf8"))),
    );
    const shared = Object.keys(served).filter((name) => !SPECIAL.test(name));
    expect(shared.length).toBeGreaterThan(10);
    for (const name of shared) expect([name, served[name]]).toEqual([name, published[name]]);
  });
});

describe("OpenAPI v3", () => {
  it("has an index of documents that keep for ever", async () => {
    const index = JSON.parse((await cluster.get("/openapi/v3")).text);
    const url: string = index.paths["apis/apps/v1"].serverRelativeURL;
    const hash = new URLSearchParams(url.slice(url.indexOf("?"))).get("hash");
    const document = await cluster.get(url);
    expect(document.headers["etag"]).toBe(`"${hash}"`);
    expect(document.headers["cache-control"]).toBe("public, immutable");
    expect(Date.parse(String(document.headers["expires"]))).toBeGreaterThan(0);
    const again = { "if-none-match": `"${hash}"` };
    expect((await cluster.send("GET", url, undefined, again)).status).toBe(304);
    const wrong = await cluster.get("/openapi/v3/apis/apps/v1?hash=00");
    expect([wrong.status, wrong.headers["location"]]).toEqual([301, url]);
  });

  it("has documents of the roots, the groups and the version beside those of group versions", async () => {
    const { paths } = JSON.parse((await cluster.get("/openapi/v3")).text);
    const roots = [".well-known/openid-configuration", "api", "apis", "openid/v1/jwks", "version"];
    expect(Object.keys(paths)).toEqual(expect.arrayContaining([...roots, "apis/apps"]));
    const document = JSON.parse((await cluster.get(paths["apis/apps"].serverRelativeURL)).text);
    expect(Object.keys(document.paths)).toEqual(["/apis/apps/"]);
    expect(Object.keys(document.components.schemas)).toContain(
      "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup",
    );
  });

  it.each([
    ["apps.v1.DeploymentStrategy", "type", ["Recreate", "RollingUpdate"]],
    ["core.v1.Container", "imagePullPolicy", ["Always", "IfNotPresent", "Never"]],
  ])("lists the values of %s.%s", async (type, field, values) => {
    const schemas = await schemasAt("/openapi/v3/apis/apps/v1");
    expect(schemas[`io.k8s.api.${type}`]).toMatchObject({
      properties: { [field]: { enum: values } },
    });
  });

  it("lists the values of a list's items", async () => {
    const schemas = await schemasAt("/openapi/v3/api/v1");
    expect(schemas["io.k8s.api.core.v1.PersistentVolumeClaimSpec"]).toMatchObject({
      properties: { accessModes: { items: { enum: expect.arrayContaining(["ReadWriteOnce"]) } } },
    });
  });

  it("says that PATCH validates fields, by kind", async () => {
    const { paths } = JSON.parse((await cluster.get("/openapi/v3/apis/apps/v1")).text);
    const { patch } = paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"];
    expect(patch["x-kubernetes-group-version-kind"]).toEqual({
      group: "apps",
      version: "v1",
      kind: "Deployment",
    });
    const names = patch.parameters.map(({ name }: { name: string }) => name);
    expect(names).toContain("fieldValidation");
    expect(Object.keys(patch.requestBody.content)).toContain(
      "application/strategic-merge-patch+json",
    );
  });

  it("follows definitions", async () => {
    const spec = {
      group: "example.com",
      scope: "Cluster",
      names: { plural: "gadgets", kind: "Gadget" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              description: "small and useful",
              properties: {
                spec: {
                  type: "object",
                  properties: { size: { type: "string", description: "how big" } },
                },
              },
            },
          },
        },
      ],
    };
    await cluster.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "gadgets.example.com" },
      spec,
    });
    const document = JSON.parse((await cluster.get("/openapi/v3/apis/example.com/v1")).text);
    expect(document.components.schemas["com.example.v1.Gadget"]).toMatchObject({
      description: "small and useful",
      "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Gadget" }],
      properties: {
        metadata: {
          $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        },
        spec: { properties: { size: { type: "string", description: "how big" } } },
      },
    });
    const { patch } = document.paths["/apis/example.com/v1/gadgets/{name}"];
    expect(Object.keys(patch.requestBody.content)).not.toContain(
      "application/strategic-merge-patch+json",
    );
  });
});

describe("OpenAPI v2", () => {
  it("is one document, in JSON and in protobuf", async () => {
    const { definitions } = JSON.parse((await cluster.get("/openapi/v2")).text);
    expect(definitions["io.k8s.api.core.v1.Pod"].properties.spec.$ref).toBe(
      "#/definitions/io.k8s.api.core.v1.PodSpec",
    );
    const protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    const answer = await cluster.get("/openapi/v2", protobuf);
    expect([answer.status, answer.headers["content-type"]]).toEqual([
      200,
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
    ]);
  });
});
