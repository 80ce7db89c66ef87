import { KubeConfig } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";

import { kubeconfig } from "./kubeconfig.ts";
import type { KubeconfigCluster } from "./kubeconfig.ts";

const EAST: KubeconfigCluster = {
  name: "east",
  server: "https://127.0.0.1:6443",
  caPem: "ca of east",
  token: 'quo"ted',
  namespace: "shop",
};
const WEST: KubeconfigCluster = {
  name: "yes",
  server: "https://[::1]:6444",
  caPem: "ca of west",
  clientCertificatePem: "certificate",
  clientKeyPem: "key",
};

describe("kubeconfig", () => {
  it("has a context per cluster, read as it was meant", () => {
    const config = new KubeConfig();
    config.loadFromString(kubeconfig({ clusters: [EAST, WEST], current: "yes" }));
    expect(config.getCurrentContext()).toBe("yes");
    expect(config.getContexts().map(({ name, namespace }) => [name, namespace])).toEqual([
      ["east", "shop"],
      ["yes", undefined],
    ]);
    expect(config.getCluster("east")).toMatchObject({
      server: EAST.server,
      caData: Buffer.from(EAST.caPem).toString("base64"),
    });
    expect(config.getUser("east")).toMatchObject({ token: EAST.token });
    expect(config.getUser("yes")).toMatchObject({
      certData: Buffer.from("certificate").toString("base64"),
      keyData: Buffer.from("key").toString("base64"),
    });
  });

  it("refuses a context that is not there and a cluster nobody can enter", () => {
    expect(() => kubeconfig({ clusters: [EAST], current: "west" })).toThrow(
      "no cluster is named west",
    );
    const { token: _token, ...locked } = EAST;
    expect(() => kubeconfig({ clusters: [locked], current: "east" })).toThrow("no credentials");
  });
});
