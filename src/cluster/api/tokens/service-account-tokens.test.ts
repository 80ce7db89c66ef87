import { beforeEach, describe, expect, it } from "vitest";
import { createRng, createVirtualClock } from "../../../core/index.ts";
import type { VirtualClock } from "../../../core/index.ts";
import { isInvalid, isNotFound } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createCluster } from "../../cluster.ts";
import type { Cluster } from "../../cluster.ts";

const metadata = { name: "robot", namespace: "default" };
const ACCOUNT = { apiVersion: "v1", kind: "ServiceAccount", ...metadata };

function tokenRequest(spec: Record<string, unknown> = {}): KubernetesObject {
  return { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", metadata, spec };
}

describe("service account tokens", () => {
  let clock: VirtualClock;
  let cluster: Cluster;
  const ask = async (spec?: Record<string, unknown>): Promise<string> => {
    const answer = await cluster.api.create(tokenRequest(spec), { subresource: "token" });
    return (answer["status"] as { token: string }).token;
  };
  const whoIs = (token: string): string | undefined =>
    cluster.context.tokens.authenticate(token)?.name;

  beforeEach(async () => {
    clock = createVirtualClock(Date.parse("2026-01-01T00:00:00Z"));
    cluster = createCluster({ name: "tokens", clock, rng: createRng("1") });
    await cluster.api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  });

  it("stand for their account", async () => {
    const user = cluster.context.tokens.authenticate(await ask());
    expect(user).toMatchObject({
      name: "system:serviceaccount:default:robot",
      groups: ["system:serviceaccounts", "system:serviceaccounts:default"],
    });
  });

  it("end with their time", async () => {
    const token = await ask({ expirationSeconds: 600 });
    await clock.advanceTo(clock.now() + 599_000);
    expect(whoIs(token)).toBeDefined();
    await clock.advanceTo(clock.now() + 1000);
    expect(whoIs(token)).toBeUndefined();
  });

  it("end with their account, even when it is made anew", async () => {
    const token = await ask();
    await cluster.api.delete(ACCOUNT);
    await cluster.api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata });
    expect(whoIs(token)).toBeUndefined();
  });

  it("end with the pod they are bound to", async () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "default" } };
    await cluster.api.create({ ...pod, spec: { containers: [{ name: "c", image: "i" }] } });
    const token = await ask({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p" } });
    expect(cluster.context.tokens.authenticate(token)?.extra).toMatchObject({
      "authentication.kubernetes.io/pod-name": ["p"],
    });
    await cluster.api.delete({ ...pod, ...pod.metadata });
    expect(whoIs(token)).toBeUndefined();
  });

  it("are for the audience they name, and nobody can change them", async () => {
    expect(whoIs(await ask({ audiences: ["https://e.com"] }))).toBeUndefined();
    const [head, body, signature] = (await ask()).split(".");
    const forged = Buffer.from(body ?? "", "base64url")
      .toString()
      .replace("robot", "admin");
    expect(
      whoIs([head, Buffer.from(forged).toString("base64url"), signature].join(".")),
    ).toBeUndefined();
    expect(whoIs("eyJhbGciOiJub25lIn0.e30.")).toBeUndefined();
  });

  it("are refused for too short a time, an absent account or an absent pod", async () => {
    await expect(ask({ expirationSeconds: 5 })).rejects.toSatisfy(isInvalid);
    await expect(ask({ boundObjectRef: { kind: "Pod", name: "absent" } })).rejects.toSatisfy(
      isNotFound,
    );
    await cluster.api.delete(ACCOUNT);
    await expect(ask()).rejects.toSatisfy(isNotFound);
  });
});
