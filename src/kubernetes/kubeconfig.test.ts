import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../core/index.ts";
import { createExecCredentials, readExecCredential } from "./kubeconfig-exec.ts";
import { contextsOf, KubeconfigError, readKubeconfig } from "./kubeconfig.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const CONFIG = `apiVersion: v1
kind: Config
current-context: prod
contexts:
- {name: prod, context: {cluster: prod, user: admin, namespace: shop}}
- {name: files, context: {cluster: files, user: files}}
- {name: eks, context: {cluster: prod, user: eks}}
- {name: proxied, context: {cluster: proxied, user: admin}}
- {name: broken, context: {cluster: none, user: admin}}
- {name: anonymous, context: {cluster: open}}
clusters:
- {name: prod, cluster: {server: "https://10.0.0.1:6443", certificate-authority-data: ${base64("CA")}, tls-server-name: api}}
- {name: files, cluster: {server: "https://f", certificate-authority: ca.crt}}
- {name: proxied, cluster: {server: "https://p", proxy-url: "http://proxy"}}
- {name: open, cluster: {server: "http://127.0.0.1:8001", insecure-skip-tls-verify: true}}
users:
- {name: admin, user: {client-certificate-data: ${base64("CERT")}, client-key-data: ${base64("KEY")}}}
- {name: files, user: {tokenFile: token}}
- name: eks
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
      args: [eks, get-token, --cluster-name, prod]
      env: [{name: AWS_PROFILE, value: prod}]
      installHint: install the AWS CLI
`;

describe("readKubeconfig", () => {
  it.each([
    [
      undefined,
      {
        context: "prod",
        server: "https://10.0.0.1:6443",
        namespace: "shop",
        caPem: "CA",
        serverName: "api",
        clientCert: "CERT",
        clientKey: "KEY",
      },
    ],
    [
      "files",
      {
        context: "files",
        server: "https://f",
        namespace: "default",
        caPem: "<ca.crt>",
        token: "<token>",
      },
    ],
    [
      "anonymous",
      {
        context: "anonymous",
        server: "http://127.0.0.1:8001",
        namespace: "default",
        insecureSkipTlsVerify: true,
      },
    ],
  ])("context %s", (context, expected) => {
    const readFile = (path: string): string => `<${path}>\n`.trim();
    expect(readKubeconfig(CONFIG, { context, readFile })).toEqual(expected);
  });

  it("reads a credential command", () => {
    expect(readKubeconfig(CONFIG, { context: "eks" }).exec).toEqual({
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", "prod"],
      env: { AWS_PROFILE: "prod" },
      installHint: "install the AWS CLI",
    });
  });

  it.each([
    [
      CONFIG,
      "none",
      'there is no context "none" in the kubeconfig; there are: prod, files, eks, proxied',
    ],
    [CONFIG, "broken", 'there is no cluster "none"'],
    [CONFIG, "proxied", "through a proxy"],
    [CONFIG, "files", "needs the file"],
    ["kind: Config\n", undefined, "no context is named"],
    ["kind: Pod\n", undefined, "has no kind: Config"],
    ["a: [\n", undefined, "is not YAML"],
  ])("refuses %#", (text, context, message) => {
    expect(() => readKubeconfig(text, { context })).toThrow(KubeconfigError);
    expect(() => readKubeconfig(text, { context })).toThrow(message);
  });

  it("names the contexts", () => {
    expect(contextsOf(CONFIG)).toEqual(["prod", "files", "eks", "proxied", "broken", "anonymous"]);
  });
});

describe("credential commands", () => {
  const credential = (status: object): string => JSON.stringify({ kind: "ExecCredential", status });
  const plugin = (script: string) => ({
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: ["-e", script],
    env: { STAMP: "from-plugin" },
  });

  it("reads what they print", () => {
    const status = { token: "t", expirationTimestamp: "2026-11-20T00:00:00Z" };
    expect(readExecCredential(credential(status), "aws")).toEqual({
      token: "t",
      expiresAt: Date.parse("2026-11-20T00:00:00Z"),
    });
    const certificate = { clientCertificateData: "C", clientKeyData: "K" };
    expect(readExecCredential(credential(certificate), "x")).toEqual({
      clientCert: "C",
      clientKey: "K",
    });
    for (const output of ["", "{}", "null"]) {
      expect(() => readExecCredential(output, "aws")).toThrow("printed no ExecCredential");
    }
  });

  it("run again only when the credential is about to expire", async () => {
    const clock = createVirtualClock(Date.parse("2026-11-20T00:00:00Z"));
    const script = `const {spec} = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      const token = [process.env.STAMP, process.pid, spec.interactive].join(":");
      const status = {token, expirationTimestamp: "2026-11-20T00:10:00Z"};
      console.log(JSON.stringify({kind: "ExecCredential", status}));`;
    const credentials = createExecCredentials(plugin(script), { clock, environment: {} });
    const [first, same] = await Promise.all([credentials(), credentials()]);
    expect(first.token).toMatch(/^from-plugin:\d+:false$/);
    expect(same).toBe(first);
    expect(await credentials()).toBe(first);
    await clock.advanceBy(9.5 * 60_000);
    expect((await credentials()).token).not.toBe(first.token);
  });

  it("say what went wrong", async () => {
    const clock = createVirtualClock(0);
    const failing = plugin("console.error('login first'); process.exit(1)");
    const options = { clock, environment: {} };
    await expect(createExecCredentials(failing, options)()).rejects.toThrow("failed: login first");
    const missing = { ...failing, command: "keelson-no-such-command", installHint: "install it" };
    await expect(createExecCredentials(missing, options)()).rejects.toThrow(
      "is not installed; install it",
    );
  });
});
