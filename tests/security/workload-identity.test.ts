// Apps that act as identities of a cloud in place of keys: what is emitted on each substrate, what is refused, and that the token
// such a pod mounts is good for the cloud, by the issuer's published keys, and for nobody else.

import { createPublicKey, verify, type JsonWebKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  startServedCluster,
  type ServedCluster,
} from "../../src/cluster/serve/testing/served-cluster.ts";
import { emissionsOf, findings, planEnvironment } from "../../src/components/testing/plan.ts";
import { createRealClock, formatPath } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import {
  aks,
  argocd,
  aws,
  azure,
  definePlatform,
  developerMachine,
  eks,
  externalPostgres,
  externalS3,
  externalSqs,
  gcp,
  gke,
  k3d,
  postgres,
  sealedSecrets,
  type Platform,
} from "../../src/index.ts";

const ROLE = "arn:aws:iam::111111111111:role/storefront";
const GOOGLE = "storefront@harbour-prod.iam.gserviceaccount.com";
const CLIENT = "0b1c2d3e-4f50-4617-8283-94a5b6c7d8e9";

const POOL = (size: string) => ({ kubernetes: "1.35", nodes: { min: 3, max: 3, size } });

const platformOn = (cloud: "aws" | "gcp" | "azure" | "laptop", identity?: string): Platform =>
  definePlatform({
    name: "harbour",
    domain: "harbour.example.com",
    sites: {
      aws: aws({ region: "eu-central-1", network: "10.100.0.0/16" }),
      gcp: gcp({ region: "europe-west3", network: "10.101.0.0/16" }),
      azure: azure({ region: "westeurope", network: "10.102.0.0/16" }),
      laptop: developerMachine(),
    },
    clusters: {
      aws: eks({ ...POOL("m6i.large"), site: "aws", networkPolicy: true }),
      gcp: gke({ ...POOL("e2-standard-4"), site: "gcp" }),
      azure: aks({ ...POOL("Standard_D4s_v5"), site: "azure" }),
      laptop: k3d({ site: "laptop" }),
    },
    environments: { prod: { clusters: [cloud], scale: "single" } },
    delivery: argocd({ repository: "https://github.com/example/harbour" }),
    secrets: { sealed: sealedSecrets() },
    providers: {
      postgres: externalPostgres({ host: "orders.example.com", identity: "aws" }),
      queue: externalSqs({ region: "eu-central-1", account: "111111111111" }),
      bucket: externalS3({ region: "eu-central-1" }),
    },
    databases: { orders: postgres({ storage: "5Gi" }) },
    queues: { mail: {} },
    buckets: { uploads: {} },
    apps: {
      storefront: {
        image: "ghcr.io/example/storefront:1.0.0",
        needs: ["orders", "mail", "uploads"],
        ...(identity === undefined ? {} : { identity }),
      },
    },
  });

interface PodSpec {
  readonly containers: readonly {
    readonly env: readonly {
      readonly name: string;
      readonly value?: string;
      readonly valueFrom?: unknown;
    }[];
  }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly projected?: {
      readonly sources: readonly {
        readonly serviceAccountToken: {
          readonly audience: string;
          readonly expirationSeconds: number;
        };
      }[];
    };
  }[];
}

function emitted(platform: Platform): {
  readonly account: KubernetesObject;
  readonly pod: PodSpec;
  readonly labels: Readonly<Record<string, string>>;
  readonly flow: unknown;
  readonly secrets: readonly string[];
} {
  const planned = planEnvironment(platform, "prod");
  const objects = emissionsOf(planned)
    .filter(({ component }) => component === "kubernetes-workload")
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);
  const account = objects.find(({ kind }) => kind === "ServiceAccount");
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  if (account === undefined || deployment === undefined) throw new Error("an app has both");
  const { template } = deployment["spec"] as {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: PodSpec;
    };
  };
  return {
    account,
    pod: template.spec,
    labels: template.metadata.labels,
    flow: planned.graph.flows.find(({ name }) => name === "storefront-to-identity"),
    secrets: planned.cluster.secrets.map(({ id }) => id),
  };
}

const clock = createRealClock();
const DATA = ["buckets.uploads", "databases.orders", "queues.mail"];

describe("an app with an identity", () => {
  it("on EKS mounts a token for STS, and neither keys nor a password", () => {
    const { account, pod, flow, secrets } = emitted(platformOn("aws", ROLE));
    expect(account.metadata.annotations).toEqual({ "eks.amazonaws.com/role-arn": ROLE });
    expect(pod.volumes.find(({ name }) => name === "aws-iam-token")).toMatchObject({
      projected: {
        sources: [
          {
            serviceAccountToken: {
              audience: "sts.amazonaws.com",
              expirationSeconds: 86_400,
              path: "token",
            },
          },
        ],
      },
    });
    const [{ env } = { env: [] }] = pod.containers;
    expect(env.filter(({ valueFrom }) => valueFrom !== undefined)).toEqual([]);
    expect(env.filter(({ name }) => /KEY|PASSWORD/.test(name))).toEqual([]);
    expect(Object.fromEntries(env.map(({ name, value }) => [name, value]))).toMatchObject({
      AWS_ROLE_ARN: ROLE,
      AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
      AWS_REGION: "$(UPLOADS_BUCKET_REGION)",
      UPLOADS_BUCKET: "uploads",
      ORDERS_DATABASE_USERNAME: "orders",
    });
    expect(secrets.filter((id) => DATA.includes(id))).toEqual([]);
    expect(flow).toMatchObject({
      to: { kind: "external", name: "sts.eu-central-1.amazonaws.com" },
      port: 443,
    });
  });

  it("on GKE reaches its node's answer to the metadata server", () => {
    const { account, flow, secrets } = emitted(platformOn("gcp", GOOGLE));
    expect(account.metadata.annotations).toEqual({ "iam.gke.io/gcp-service-account": GOOGLE });
    expect(flow).toMatchObject({ to: { addresses: ["169.254.169.254/32"] }, port: 80 });
    // Amazon does not know it: keys for what is Amazon's stay.
    expect(secrets.filter((id) => DATA.includes(id))).toEqual(DATA);
  });

  it("on AKS asks the cloud's webhook for its token", () => {
    const { account, labels, flow } = emitted(platformOn("azure", CLIENT));
    expect(account.metadata.annotations).toEqual({ "azure.workload.identity/client-id": CLIENT });
    expect(labels).toMatchObject({ "azure.workload.identity/use": "true" });
    expect(flow).toMatchObject({ to: { name: "login.microsoftonline.com" }, port: 443 });
  });

  it("is an app with keys where it names none", () => {
    const { account, secrets, flow } = emitted(platformOn("aws"));
    expect(account.metadata.annotations).toBeUndefined();
    expect(secrets.filter((id) => DATA.includes(id))).toEqual(DATA);
    expect(flow).toBeUndefined();
  });

  it.each([
    {
      name: "no cloud believes k3d",
      cloud: "laptop",
      identity: ROLE,
      code: "no-workload-identity",
    },
    { name: "a role on GKE", cloud: "gcp", identity: ROLE, code: "foreign-identity" },
    {
      name: "a user, not a role",
      cloud: "aws",
      identity: "arn:aws:iam::111111111111:user/ada",
      code: "foreign-identity",
    },
  ] as const)("is refused: $name", ({ cloud, identity, code }) => {
    const found = findings(platformOn(cloud, identity), "prod");
    expect(found.map((one) => `${one.code} ${formatPath(one.path)}`)).toEqual([
      `plan/${code} apps.storefront.identity`,
    ]);
    expect(found[0]?.hint).toBeDefined();
  });
});

describe("the token it mounts", () => {
  let cluster: ServedCluster;
  let token: string;
  beforeAll(async () => {
    cluster = await startServedCluster();
    const { account, pod } = emitted(platformOn("aws", ROLE));
    const [source] = pod.volumes.flatMap(({ projected }) => projected?.sources ?? []);
    const { audience = "", expirationSeconds = 0 } = source?.serviceAccountToken ?? {};
    const place = "/api/v1/namespaces";
    const metadata = { name: "storefront" };
    await cluster.send("POST", place, { apiVersion: "v1", kind: "Namespace", metadata });
    const accounts = `${place}/storefront/serviceaccounts`;
    const made = await cluster.send("POST", accounts, account);
    expect(made.status).toBe(201);
    const request = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: [audience], expirationSeconds },
    };
    const answer = await cluster.send("POST", `${accounts}/storefront/token`, request);
    token = (JSON.parse(answer.text) as { readonly status: { readonly token: string } }).status
      .token;
  });
  afterAll(() => cluster.served.close());

  /** As a cloud does: keys by the issuer's own document, then whom it is from, whom it is for, and until when. */
  async function believed(
    by: { readonly audience: string; readonly now: number },
    asked = token,
  ): Promise<string> {
    const found = JSON.parse((await cluster.get("/.well-known/openid-configuration")).text) as {
      readonly issuer: string;
      readonly jwks_uri: string;
    };
    const path = new URL(found.jwks_uri).pathname;
    const { keys } = JSON.parse((await cluster.get(path)).text) as {
      readonly keys: readonly (JsonWebKey & { readonly kid: string })[];
    };
    const [head = "", body = "", signature = ""] = asked.split(".");
    const text = (part: string): string => Buffer.from(part, "base64url").toString();
    const { kid } = JSON.parse(text(head)) as { readonly kid: string };
    const jwk = keys.find((one) => one.kid === kid);
    if (jwk === undefined) return "unknown key";
    const key = createPublicKey({ format: "jwk", key: jwk });
    const signed = Buffer.from(`${head}.${body}`);
    const options = { key, dsaEncoding: "ieee-p1363" } as const;
    if (!verify("sha256", signed, options, Buffer.from(signature, "base64url")))
      return "bad signature";
    const claims = JSON.parse(text(body)) as {
      readonly iss: string;
      readonly aud: readonly string[];
      readonly exp: number;
      readonly sub: string;
    };
    if (claims.iss !== found.issuer) return "foreign issuer";
    if (!claims.aud.includes(by.audience)) return "not for us";
    return claims.exp * 1000 <= by.now ? "too late" : claims.sub;
  }

  const DAY = 86_400_000;

  it("is believed by the cloud it is for, as the app's account", async () => {
    const audience = "sts.amazonaws.com";
    expect(await believed({ audience, now: clock.now() })).toBe(
      "system:serviceaccount:storefront:storefront",
    );
    expect(await believed({ audience, now: clock.now() + DAY + 1000 })).toBe("too late");
  });

  it("is not believed by another, nor once it was touched", async () => {
    const audience = "api://AzureADTokenExchange";
    expect(await believed({ audience, now: clock.now() })).toBe("not for us");
    const [head = "", body = "", signature = ""] = token.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown>;
    const forged = Buffer.from(JSON.stringify({ ...claims, aud: [audience] })).toString(
      "base64url",
    );
    expect(await believed({ audience, now: clock.now() }, `${head}.${forged}.${signature}`)).toBe(
      "bad signature",
    );
  });

  it("opens nothing at the cluster's own API", async () => {
    const headers = { authorization: `Bearer ${token}` };
    const path = "/api/v1/namespaces/storefront/secrets";
    expect((await cluster.send("GET", path, undefined, headers)).status).toBe(401);
    const review = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec: { token, audiences: ["https://kubernetes.default.svc"] },
    };
    const answer = await cluster.send(
      "POST",
      "/apis/authentication.k8s.io/v1/tokenreviews",
      review,
    );
    expect(JSON.parse(answer.text)).not.toMatchObject({ status: { authenticated: true } });
  });
});
