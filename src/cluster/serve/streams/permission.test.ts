// Who may open a stream: RBAC is asked for `create` whatever the method, and admission for CONNECT.

import { afterEach, describe, expect, it } from "vitest";

import { statusError } from "../../../kubernetes/index.ts";
import type { AdmissionRequest, RequestAttributes } from "../../../kubernetes/index.ts";
import { createProcessAgent } from "../testing/process-agent.ts";
import { runPod } from "../testing/running-pod.ts";
import { startServedCluster } from "../testing/served-cluster.ts";
import type { ServedCluster } from "../testing/served-cluster.ts";
import { openWebSocket, upgrade } from "../testing/stream-client.ts";

const PODS = "/api/v1/namespaces/default/pods";
const EXEC = `${PODS}/web/exec?command=echo&command=ran&stdout=1&stderr=true`;
const WEBSOCKET = {
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-protocol": "v4.channel.k8s.io",
};

let cluster: ServedCluster;
afterEach(() => cluster.served.close());

async function start(mayDo: (attributes: RequestAttributes) => boolean = () => true) {
  cluster = await startServedCluster({
    nodeAgent: createProcessAgent(),
    authorizer: (attributes) =>
      mayDo(attributes) ? { decision: "allow" } : { decision: "deny", reason: "" },
  });
  await runPod(cluster, { name: "web", port: 1 });
}

describe("RBAC", () => {
  it.each([{ verb: "get" }, { verb: "create" }])(
    "must allow $verb for a WebSocket",
    async ({ verb }) => {
      await start(({ subresource, verb: asked }) => subresource !== "exec" || asked !== verb);
      const refused = await upgrade(cluster, "GET", EXEC, WEBSOCKET);
      expect(refused.status).toBe(403);
      expect("text" in refused && JSON.parse(refused.text)).toMatchObject({
        reason: "Forbidden",
        message: expect.stringContaining(`cannot ${verb} resource "pods/exec"`),
      });
    },
  );

  it("is asked about the subresource proxy, whatever path follows", async () => {
    const asked: RequestAttributes[] = [];
    await start((attributes) => asked.push(attributes) > 0);
    await cluster.get(`${PODS}/web:1/proxy/a/b`);
    expect(asked.at(-1)).toMatchObject({ verb: "get", subresource: "proxy", name: "web:1" });
  });
});

describe("admission", () => {
  it("is shown what is asked for, and may refuse", async () => {
    await start();
    const seen: AdmissionRequest[] = [];
    const added = cluster.api.admission.add({
      name: "NoShells",
      validate(request) {
        if (request.operation !== "CONNECT") return;
        seen.push(request);
        throw statusError("Forbidden", "no shells here", {});
      },
    });
    for (const path of [EXEC, `${PODS}/web/portforward`, `${PODS}/web/attach?stdin=1`]) {
      const refused = await upgrade(cluster, "GET", path, WEBSOCKET);
      expect(refused.status).toBe(403);
    }
    expect((await cluster.get(`${PODS}/web/proxy/a`)).status).toBe(403);
    expect(seen.map(({ subresource, name, object }) => ({ subresource, name, object }))).toEqual([
      {
        subresource: "exec",
        name: "web",
        object: {
          kind: "PodExecOptions",
          apiVersion: "v1",
          stdout: true,
          stderr: true,
          container: "app",
          command: ["echo", "ran"],
        },
      },
      {
        subresource: "portforward",
        name: "web",
        object: { kind: "PodPortForwardOptions", apiVersion: "v1" },
      },
      {
        subresource: "attach",
        name: "web",
        object: { kind: "PodAttachOptions", apiVersion: "v1", stdin: true, container: "app" },
      },
      {
        subresource: "proxy",
        name: "web",
        object: { kind: "PodProxyOptions", apiVersion: "v1", path: "/a" },
      },
    ]);
    added.remove();
    const heard = await openWebSocket(cluster, EXEC);
    await heard.closed;
    expect(heard.on(1)).toBe("ran\n");
  });
});
