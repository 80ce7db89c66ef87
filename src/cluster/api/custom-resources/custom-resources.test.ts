// Definitions of custom kinds: names, versions, subresources, and what their deletion takes along.

import { describe, expect, it } from "vitest";
import { isNotFound, StatusError } from "../../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture, NAMESPACE, refTo, settle } from "../testing/api-fixture.ts";

type Fields = Readonly<Record<string, unknown>>;

const OPEN = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

function definition(plural: string, names: Fields, versions: readonly Fields[]): KubernetesObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.e.com` },
    spec: { group: "e.com", scope: "Namespaced", names: { plural, ...names }, versions },
  };
}

function version(name: string, rest: Fields = {}): Fields {
  return { name, served: true, storage: true, schema: { openAPIV3Schema: OPEN }, ...rest };
}

const widget = (name: string, rest: Fields = {}): KubernetesObject => ({
  apiVersion: "e.com/v1",
  kind: "Widget",
  metadata: { name, namespace: NAMESPACE },
  ...rest,
});

async function install(api: KubeApi, ...versions: readonly Fields[]): Promise<KubernetesObject> {
  const created = await api.create(definition("widgets", { kind: "Widget" }, versions));
  await settle();
  return created;
}

function conditionsOf(object: KubernetesObject): readonly string[] {
  const { conditions } = object["status"] as {
    conditions: { type: string; status: string; reason: string }[];
  };
  return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

describe("custom kinds", () => {
  it("are established when their names are free", async () => {
    const { api } = apiFixture();
    const created = await install(api, version("v1"));
    expect(conditionsOf(await api.get(refTo(created)))).toEqual([
      "NamesAccepted=True NoConflicts",
      "Established=True InitialNamesAccepted",
    ]);
  });

  it("wait for names that are taken, and get them when they become free", async () => {
    const { api } = apiFixture();
    const first = await install(api, version("v1"));
    const names = { kind: "Widget", singular: "gadget", listKind: "GadgetList" };
    const second = await api.create(definition("gadgets", names, [version("v1")]));
    await settle();
    expect(conditionsOf(await api.get(refTo(second)))).toEqual([
      "NamesAccepted=False KindConflict",
      "Established=False NotAccepted",
    ]);
    await api.delete(refTo(first));
    await settle();
    expect(conditionsOf(await api.get(refTo(second)))).toContain("NamesAccepted=True NoConflicts");
  });

  it("show one stored object in every served version", async () => {
    const { api } = apiFixture();
    await install(
      api,
      version("v1"),
      version("v2", { storage: false }),
      version("v3", { storage: false, served: false }),
    );
    await api.create(widget("w", { spec: { a: 1 } }));
    const ref = { kind: "Widget", name: "w", namespace: NAMESPACE };
    const other = await api.get({ apiVersion: "e.com/v2", ...ref });
    expect(other).toMatchObject({ apiVersion: "e.com/v2", spec: { a: 1 } });
    expect(await api.get({ apiVersion: "e.com/v2", ...ref })).toBe(other);
    await expect(api.get({ apiVersion: "e.com/v3", ...ref })).rejects.toSatisfy(isNotFound);
  });

  it("keep status and scale apart when they are subresources", async () => {
    const { api } = apiFixture();
    const scale = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };
    await install(api, version("v1", { subresources: { status: {}, scale } }));
    const created = await api.create(
      widget("w", { spec: { replicas: 1 }, status: { phase: "x" } }),
    );
    expect(created["status"]).toBeUndefined();
    const body = { spec: { replicas: 9 }, status: { replicas: 1 } };
    const reported = await api.patch(
      refTo(created),
      { type: "merge", body },
      { subresource: "status" },
    );
    expect(reported).toMatchObject({ spec: { replicas: 1 }, metadata: { generation: 1 } });
    const scaled = await api.patch(
      refTo(created),
      { type: "merge", body: { spec: { replicas: 4 } } },
      { subresource: "scale" },
    );
    expect(scaled).toMatchObject({ kind: "Scale", spec: { replicas: 4 }, status: { replicas: 1 } });
    expect((await api.get(refTo(created))).metadata.generation).toBe(2);
  });

  it("go with their definition, finalizers first", async () => {
    const { api } = apiFixture();
    const created = await install(api, version("v1"));
    const metadata = { name: "held", namespace: NAMESPACE, finalizers: ["e.com/hold"] };
    const held = await api.create({ ...widget("held"), metadata });
    await api.create(widget("free"));
    await api.delete(refTo(created));
    await settle();
    const list = await api.list({ apiVersion: "e.com/v1", kind: "Widget" });
    expect(list.items.map(({ metadata: { name } }) => name)).toEqual(["held"]);
    const error = await api.create(widget("new")).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({ status: { code: 405 } });
    await api.patch(refTo(held), { type: "merge", body: { metadata: { finalizers: null } } });
    await settle();
    await expect(api.get(refTo(created))).rejects.toSatisfy(isNotFound);
    await expect(api.get(refTo(held))).rejects.toSatisfy(isNotFound);
  });

  it("refuse strategic merge patches", async () => {
    const { api } = apiFixture();
    await install(api, version("v1"));
    const created = await api.create(widget("w"));
    const patch = api.patch(refTo(created), { type: "strategic", body: {} });
    await expect(patch).rejects.toMatchObject({ status: { code: 415 } });
  });

  it("are held to the rules of their definition", async () => {
    const { api } = apiFixture();
    const rules = [{ rule: "self.size >= oldSelf.size", message: "may not shrink" }];
    const spec = {
      type: "object",
      properties: { size: { type: "integer" } },
      "x-kubernetes-validations": rules,
    };
    const openAPIV3Schema = { type: "object", properties: { spec } };
    await install(api, version("v1", { schema: { openAPIV3Schema } }));
    const created = await api.create(widget("w", { spec: { size: 2 } }));
    await expect(api.update({ ...created, spec: { size: 1 } })).rejects.toThrow(
      'Widget.e.com "w" is invalid: spec: Invalid value: may not shrink',
    );
    await api.update({ ...created, spec: { size: 3 } });
  });

  it("are not defined with rules that do not compile", async () => {
    const { api } = apiFixture();
    const spec = {
      type: "object",
      properties: {},
      "x-kubernetes-validations": [{ rule: "self.size" }],
    };
    const openAPIV3Schema = { type: "object", properties: { spec } };
    await expect(install(api, version("v1", { schema: { openAPIV3Schema } }))).rejects.toThrow(
      "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value: ",
    );
  });
});
