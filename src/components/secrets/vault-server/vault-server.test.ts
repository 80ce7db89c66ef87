// Vault and OpenBao: a raft cluster that opens itself, read by exactly those who may, set up by a script without a value in it.

import { describe, expect, it } from "vitest";

import { citadel } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";
import { awsKms, gcpKms } from "./options.ts";
import type { VaultServerInput } from "./options.ts";

const withServer = (kind: "vault" | "openbao", options: VaultServerInput): typeof citadel => ({
  ...citadel,
  secrets: { ...citadel.secrets, vault: { kind, ...options } },
});
const seal = awsKms({ region: "eu-west-1", key: "alias/citadel-unseal" });
const planned = planEnvironment(citadel, "prod");

function emitted(definition: typeof citadel, component: string) {
  const plan = definition === citadel ? planned : planEnvironment(definition, "prod");
  const found = emissionsOf(plan).find((one) => one.component === component)?.emission;
  return {
    objects: found?.objects?.map(({ object }) => object) ?? [],
    files: new Map(found?.files?.map(({ file, text }) => [file, text])),
    values: (found?.charts?.[0]?.values ?? {}) as {
      readonly server: { readonly ha: { readonly raft: { readonly config: string } } };
    },
  };
}

describe("vault", () => {
  it("is a raft cluster of three over TLS, opened by a key of the cloud", () => {
    const { config } = emitted(citadel, "vault").values.server.ha.raft;
    expect(config).toContain('leader_api_addr = "https://vault-2.vault-internal:8200"');
    expect(config).toContain(
      'seal "awskms" {\n  region = "eu-west-1"\n  kms_key_id = "alias/citadel-unseal"\n}',
    );
    expect(config).not.toContain("tls_disable");
  });

  it("lets each namespace's secrets be read, and nothing else", () => {
    const { files } = emitted(citadel, "vault");
    const [policy = ""] = [...files].flatMap(([file, text]) =>
      file.endsWith("/policies/read-gate.hcl") ? [text] : [],
    );
    expect([...policy.matchAll(/path "([^"]+)"/g)].map(([, path]) => path)).toEqual([
      "secret/data/citadel/prod/apps/gate/signing",
      "secret/data/citadel/prod/databases/ledger",
    ]);
    expect([...files.values()].join("")).not.toContain('*"');
  });

  it("knows who asks by the graph: the operator, and the job that copies everything", () => {
    const script = emitted(citadel, "vault").files.get("clusters/prod/vault/configure.sh") ?? "";
    const roles = [...script.matchAll(/auth\/kubernetes\/role\/(\S+) .*token_policies=(\S+)/g)];
    const policies = Object.fromEntries(roles.map(([, role, list]) => [role, list]));
    expect(policies["vault-snapshot"]).toBe("vault-snapshot");
    expect(policies["external-secrets"]?.split(",")).toContain("read-gate");
  });

  it("starts from what is sealed, never from itself", () => {
    const { secrets } = planned.cluster;
    const owners = Object.fromEntries(secrets.map(({ id, provider }) => [id, provider]));
    expect(owners).toMatchObject({
      "secrets.vault.certificate": "sealed",
      "databases.ledger": "kept",
      "apps.gate.signing": "kept",
    });
  });

  it("is read at the address and under the authority it offers", () => {
    const stores = emitted(citadel, "external-secrets").objects.filter(
      ({ kind }) => kind === "ClusterSecretStore",
    );
    expect(stores[0]?.["spec"]).toMatchObject({
      provider: {
        vault: {
          server: "https://vault-active.vault.svc:8200",
          caProvider: { type: "Secret", name: "vault-server-tls", namespace: "vault" },
        },
      },
    });
  });
});

describe("openbao", () => {
  const { values, files } = emitted(withServer("openbao", { unseal: seal }), "openbao");

  it("declares its audit device, and is set up by its own program", () => {
    expect(values.server.ha.raft.config).toContain('audit "file" "stdout"');
    const script = files.get("clusters/prod/openbao/configure.sh") ?? "";
    expect(script).toContain("bao secrets enable");
    expect(script).not.toContain("audit enable");
  });
});

describe("findings", () => {
  const sealed = citadel.secrets?.["sealed"];
  it.each([
    { name: "an even quorum", options: { replicas: 2 }, code: "secrets/even-quorum" },
    { name: "more members than nodes", options: { replicas: 5 }, code: "secrets/too-few-nodes" },
    { name: "a restart that waits for people", options: {}, code: "secrets/unsealed-by-hand" },
    {
      name: "a key of another cloud",
      options: { unseal: gcpKms({ project: "p", location: "l", keyRing: "r", key: "k" }) },
      code: "secrets/unseal-key-out-of-reach",
    },
  ])("say $name", ({ options, code }) => {
    const broken = findings(withServer("vault", { unseal: seal, ...options }), "prod");
    const bare = findings(withServer("vault", options), "prod");
    expect([...broken, ...bare].map((one) => one.code)).toContain(code);
    expect(findings(citadel, "prod").map((one) => one.code)).not.toContain(code);
  });

  it("say a certificate that would be read from the server it is for", () => {
    const { sealed: _sealed, ...secrets } = citadel.secrets ?? {};
    expect(sealed).toBeDefined();
    expect(findings({ ...citadel, secrets }, "prod").map(({ code }) => code)).toContain(
      "secrets/certificate-in-itself",
    );
  });
});
