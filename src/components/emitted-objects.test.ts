// What every emitted object must be: valid for its kind, named once, with its secrets and settings in place, and hardened.

import { describe, expect, it } from "vitest";

import { isRecord } from "../core/index.ts";
import {
  builtinKinds,
  createKindRegistry,
  formatRef,
  refOf,
  validateObject,
  type KindRegistry,
  type KubernetesObject,
} from "../kubernetes/index.ts";
import { registry } from "./index.ts";
import { podSpecPath } from "./posture/restricted/pod-spec.ts";
import { harden } from "./posture/restricted/index.ts";
import { ENVIRONMENTS } from "./testing/definitions.ts";
import { emissionsOf, planEnvironment } from "./testing/plan.ts";

async function allKinds(): Promise<KindRegistry> {
  const facts = await Promise.all(
    registry.components.map(async (component) =>
      "crds" in component && component.crds !== undefined ? component.crds() : [],
    ),
  );
  return createKindRegistry(builtinKinds(), ...facts.flat());
}

/** Every record below a value, the value included. */
function* records(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) for (const item of value) yield* records(item);
  if (!isRecord(value)) return;
  yield value;
  for (const member of Object.values(value)) yield* records(member);
}

describe.each(ENVIRONMENTS)("%s", (_title, definition, environment) => {
  const planned = planEnvironment(definition, environment);
  const { cluster } = planned;
  const objects = emissionsOf(planned)
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => harden(object, cluster));
  const running = objects.filter((object) => podSpecPath(object) !== undefined);

  it("is valid for its kind", async () => {
    const kinds = await allKinds();
    const problems = objects.flatMap((object) => {
      const kind = kinds.find(object.apiVersion, object.kind);
      if (kind === undefined) return [`${formatRef(refOf(object))}: no such kind`];
      return validateObject(object, kind).map(
        (problem) => `${formatRef(refOf(object))}: ${JSON.stringify(problem)}`,
      );
    });
    expect(problems).toEqual([]);
  });

  it("is named once", () => {
    const refs = objects.map((object) => formatRef(refOf(object)));
    expect(refs.filter((ref, index) => refs.indexOf(ref) !== index)).toEqual([]);
  });

  it("lives in a namespace of the plan", () => {
    const names = new Set(cluster.namespaces.map(({ name }) => name));
    const strangers = objects.filter(
      ({ metadata }) => metadata.namespace !== undefined && !names.has(metadata.namespace),
    );
    expect(strangers.map((object) => formatRef(refOf(object)))).toEqual([]);
  });

  it("reads secrets only where a copy of them is", () => {
    const copies = new Set(
      cluster.secrets.flatMap(({ name, namespaces, keys }) =>
        namespaces.flatMap((namespace) => keys.map(({ key }) => `${namespace}/${name}/${key}`)),
      ),
    );
    const reads = running.flatMap((object) => secretReads(object));
    expect(reads.length).toBeGreaterThan(0);
    expect(reads.filter((read) => !copies.has(read))).toEqual([]);
  });

  it("refers only to variables that stand before", () => {
    for (const object of running) {
      for (const { env } of records(object)) {
        if (!Array.isArray(env)) continue;
        const before = new Set<string>();
        for (const variable of env as { name: string; value?: string }[]) {
          for (const [, name = ""] of (variable.value ?? "").matchAll(/\$\(([A-Z_0-9]+)\)/g)) {
            expect(before).toContain(name);
          }
          before.add(variable.name);
        }
        expect(before.size).toBe(env.length);
      }
    }
  });

  it("mounts only volumes it has", () => {
    for (const object of running) {
      for (const { containers, initContainers, volumes, volumeMounts } of records(object)) {
        expect(volumeMounts === undefined || Array.isArray(volumeMounts)).toBe(true);
        if (!Array.isArray(containers)) continue;
        const claims = [...records(object)].flatMap(({ volumeClaimTemplates }) =>
          Array.isArray(volumeClaimTemplates) ? volumeClaimTemplates : [],
        );
        const known = [
          ...((volumes ?? []) as { name: string }[]).map(({ name }) => name),
          ...claims.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
        ];
        const mounted = [...containers, ...((initContainers ?? []) as unknown[])].flatMap(
          (container: { volumeMounts?: { name: string }[] }) =>
            (container.volumeMounts ?? []).map(({ name }) => name),
        );
        expect(known).toEqual(expect.arrayContaining([...new Set(mounted)]));
        expect([...new Set(mounted)].toSorted()).toEqual(known.toSorted());
      }
    }
  });

  it("runs without rights on the node, on a read-only file system, with stated resources", () => {
    for (const object of running) {
      const spec = [...records(object)].find(({ containers }) => Array.isArray(containers));
      expect(spec?.["securityContext"]).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      const all = [spec?.["containers"], spec?.["initContainers"] ?? []].flat();
      for (const container of all as Readonly<Record<string, unknown>>[]) {
        expect(container["securityContext"]).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(container["resources"]).toMatchObject({
          requests: { cpu: expect.any(String), memory: expect.any(String) },
          limits: { memory: expect.any(String) },
        });
      }
    }
  });

  it("probes whatever keeps running", () => {
    const lasting = running.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
    for (const object of lasting) {
      if (object.metadata.name === "mailer") continue; // Serves nothing: `health: false`.
      const [container] = [...records(object)].flatMap(({ containers }) =>
        Array.isArray(containers) ? containers : [],
      );
      expect(Object.keys(container)).toEqual(
        expect.arrayContaining(["readinessProbe", "livenessProbe"]),
      );
    }
  });
});

/** `namespace/name/key` of everything a pod takes from a Secret. */
function secretReads(object: KubernetesObject): string[] {
  const { namespace } = object.metadata;
  return [...records(object)].flatMap((record) => {
    const { secretKeyRef, secret, imagePullSecrets } = record;
    const found: string[] = [];
    if (isRecord(secretKeyRef)) {
      found.push(`${namespace}/${String(secretKeyRef["name"])}/${String(secretKeyRef["key"])}`);
    }
    if (isRecord(secret) && typeof secret["secretName"] === "string") {
      const items = (secret["items"] ?? []) as { key: string }[];
      found.push(...items.map(({ key }) => `${namespace}/${String(secret["secretName"])}/${key}`));
    }
    if (Array.isArray(imagePullSecrets)) {
      found.push(
        ...imagePullSecrets.map(
          ({ name }: { name: string }) => `${namespace}/${name}/.dockerconfigjson`,
        ),
      );
    }
    return found;
  });
}
