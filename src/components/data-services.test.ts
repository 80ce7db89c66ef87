// Databases, queues, buckets, the registry and backups: what they write into configuration files and scripts.

import { describe, expect, it } from "vitest";

import { formatPath } from "../core/index.ts";
import type { KubernetesObject } from "../kubernetes/index.ts";
import { bucketScript } from "./bucket/seaweedfs/bucket-script.ts";
import { identitiesScript } from "./bucket/seaweedfs/identities.ts";
import { elasticmqConfiguration } from "./queue/elasticmq/configuration.ts";
import { bindPostgresServer } from "./database/postgres-server/binding.ts";
import { granary, harbour, inherited } from "./testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "./testing/plan.ts";
import { orders, resolveContext } from "./testing/planned.ts";

function objectsOf(
  definition: unknown,
  environment: string,
  component: string,
): KubernetesObject[] {
  return emissionsOf(planEnvironment(definition, environment))
    .filter((one) => one.component === component)
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);
}

const binding = {
  intent: { kind: "bucket", provider: "bucket", name: "", origin: [] },
  endpoint: { kind: "internet" },
  port: 0,
  application: "",
  encryption: "none",
  env: [],
  secrets: [],
} as const;

describe("postgres-server", () => {
  it("refuses to be more than one server", () => {
    const context = resolveContext();
    bindPostgresServer(context, { ...orders, instances: 3 });
    expect(context.reported.map(({ code, path }) => ({ code, path }))).toEqual([
      {
        code: "database/provider-does-not-replicate",
        path: ["databases", "orders", "instances"],
      },
    ]);
  });

  it("says so in a whole definition, where the environment is highly available", () => {
    const databases = { notes: { kind: "postgres", instances: 3 } };
    const codes = (environment: string): string[] =>
      findings({ ...inherited, databases }, environment).map(({ code }) => code);
    expect(codes("prod")).toContain("database/provider-does-not-replicate");
    expect(codes("test")).not.toContain("database/provider-does-not-replicate");
  });

  it("keeps data below one mount, by major version", () => {
    const [statefulSet] = objectsOf(inherited, "test", "postgres-server").filter(
      ({ kind }) => kind === "StatefulSet",
    );
    const text = JSON.stringify(statefulSet);
    expect(text).toContain('{"name":"PGDATA","value":"/var/lib/postgresql/17/docker"}');
    expect(text).toContain('"image":"docker.io/library/postgres:17"');
    expect(text).toContain('"storageClassName":"fast"');
  });

  it("writes identifiers for names that are none", () => {
    const text = JSON.stringify(objectsOf(harbour, "dev", "postgres-server"));
    expect(text).toContain('{"name":"POSTGRES_DB","value":"order_events"}');
  });
});

describe("elasticmq", () => {
  it("moves messages on after so many deliveries", () => {
    const queue = (name: string, deadLetterAfter?: number) => ({
      kind: "queue" as const,
      provider: "queue" as const,
      name,
      origin: [],
      visibilityTimeoutMs: 1500,
      ...(deadLetterAfter === undefined ? {} : { deadLetterAfter }),
      binding,
    });
    expect(elasticmqConfiguration([queue("mail", 3), queue("audit")])).toContain(
      `queues {
  mail {
    defaultVisibilityTimeout = 2 seconds
    deadLettersQueue {
      name = "mail-dead-letters"
      maxReceiveCount = 3
    }
  }
  mail-dead-letters { }
  audit {
    defaultVisibilityTimeout = 2 seconds
  }
}
`,
    );
  });

  it("never runs two pods, and starts a new one when its queues change", () => {
    const deployment = (definition: unknown): KubernetesObject | undefined =>
      objectsOf(definition, "dev", "elasticmq").find(({ kind }) => kind === "Deployment");
    expect(deployment(harbour)).toMatchObject({
      spec: { replicas: 1, strategy: { type: "Recreate" } },
    });
    const queues = { ...harbour.queues, audit: { deadLetterAfter: 2 } };
    expect(deployment({ ...harbour, queues })).not.toEqual(deployment(harbour));
  });
});

describe("seaweedfs", () => {
  const bucket = {
    kind: "bucket",
    provider: "bucket",
    name: "uploads",
    origin: [],
    versioned: true,
    expireAfterMs: 36 * 3_600_000,
    binding,
  } as const;

  it("makes a bucket once, versioned, with a lifetime in whole days", () => {
    const script = bucketScript([bucket]);
    expect(script).toContain("grep -Fxq uploads ||\n  echo 's3.bucket.create -name uploads");
    expect(script).toContain("s3.bucket.versioning -name uploads -status Enabled");
    expect(script).toContain("-locationPrefix=/buckets/uploads/ -ttl=2d");
  });

  it("gives each bucket keys of its own, which stand in no manifest", () => {
    const script = identitiesScript([bucket]);
    const [, json = ""] = /<<END\n([\s\S]*)\nEND/.exec(script) ?? [];
    expect(JSON.parse(json)).toEqual({
      identities: [
        {
          name: "uploads",
          credentials: [{ accessKey: "${UPLOADS_ACCESS_KEY}", secretKey: "${UPLOADS_SECRET_KEY}" }],
          actions: ["Read:uploads", "Write:uploads", "List:uploads", "Tagging:uploads"],
        },
      ],
    });
  });
});

describe("registry", () => {
  it("replaces its pod before starting another: the volume attaches once", () => {
    const objects = objectsOf(harbour, "dev", "distribution");
    expect(objects.find(({ kind }) => kind === "Deployment")).toMatchObject({
      spec: { strategy: { type: "Recreate" } },
    });
    expect(objects.find(({ metadata }) => metadata.name === "registry-nodes")).toMatchObject({
      spec: { type: "NodePort", ports: [{ nodePort: 30_500 }] },
    });
    const prod = objectsOf(harbour, "prod", "distribution");
    expect(prod.map(({ metadata }) => metadata.name)).not.toContain("registry-nodes");
  });

  it("gives its credentials to the apps that pull from it, and to no other", () => {
    const { cluster } = planEnvironment(harbour, "dev");
    const secret = cluster.secrets.find(({ id }) => id === "registry.credentials");
    expect(secret?.namespaces).toEqual(["registry", "storefront"]);
    const template = secret?.keys.find(({ key }) => key === ".dockerconfigjson");
    expect(template).toMatchObject({ source: "template" });
    expect(JSON.parse(template && "template" in template ? template.template : "")).toEqual({
      auths: {
        "localhost:5000": { username: "platform", password: "${password}" },
        "registry.dev.127.0.0.1.nip.io:8080": { username: "platform", password: "${password}" },
      },
    });
  });
});

describe("backups", () => {
  const jobs = [
    ...objectsOf(harbour, "prod", "database-dump"),
    ...objectsOf(harbour, "prod", "bucket-mirror"),
  ].filter(({ kind }) => kind === "CronJob");

  it("runs once at a time, at an hour of a stated time zone", () => {
    expect(jobs.map(({ metadata }) => metadata.name)).toEqual([
      "dump-order-events",
      "dump-orders",
      "mirror-uploads",
    ]);
    for (const job of jobs) {
      const schedule = job.metadata.name === "mirror-uploads" ? "0 4 * * *" : "0 3 * * *";
      expect(job).toMatchObject({
        spec: { schedule, timeZone: "Etc/UTC", concurrencyPolicy: "Forbid" },
      });
    }
  });

  it("dumps to the real bucket and keeps seven days", () => {
    const text = JSON.stringify(jobs.find(({ metadata }) => metadata.name === "dump-orders"));
    expect(text).toContain('pg_dump --no-owner --no-privileges \\"$ORDERS_DATABASE_URL\\"');
    expect(text).toContain("target:harbour-prod-backups/databases/orders");
    expect(text).toContain("--min-age 604800s");
    expect(text).toContain('{"name":"RCLONE_CONFIG_TARGET_PROVIDER","value":"AWS"}');
  });

  it("keeps what a mirror replaces, and prunes it by the day it was replaced", () => {
    const text = JSON.stringify(jobs.find(({ metadata }) => metadata.name === "mirror-uploads"));
    expect(text).toContain(
      'rclone sync source:harbour-prod-uploads \\"$mirror/current\\" --backup-dir',
    );
    expect(text).toContain("mirror=target:harbour-prod-backups/buckets/uploads");
    expect(text).toContain("604800");
    expect(text).not.toContain("--min-age");
  });

  it("asks for a time zone", () => {
    const { timeZone: _timeZone, ...rest } = {
      kind: "database-dump",
      schedule: "0 3 * * *",
      timeZone: "",
      keep: "7d",
      to: "backups",
    };
    const found = findings({ ...harbour, backup: { databases: rest } }, "dev");
    expect(found.map(({ path }) => formatPath(path))).toContain("backup.databases.timeZone");
  });
});

describe("databases of several", () => {
  it("commit with any one of two standbys, so that losing either stops nothing (T-16)", () => {
    const [cluster] = objectsOf(granary, "prod", "cloudnative-pg").filter(
      ({ kind }) => kind === "Cluster",
    );
    expect(cluster).toMatchObject({
      spec: { instances: 3, postgresql: { synchronous: { method: "any", number: 1 } } },
    });
  });

  it("are refused by servers that do not replicate (T-15)", () => {
    const found = (kind: string): string[] => {
      const databases = { ...inherited.databases, notes: { kind, instances: 3 } };
      return findings({ ...inherited, databases }, "prod")
        .filter(({ severity }) => severity === "error")
        .map(({ code }) => code);
    };
    expect(["postgres", "mysql"].map(found)).toEqual([
      ["database/provider-does-not-replicate"],
      ["database/provider-does-not-replicate"],
    ]);
  });
});

describe("notices", () => {
  it("say that ingress-nginx is retired and MinIO unmaintained", () => {
    const found = findings(inherited, "prod").map(({ code, severity }) => ({ code, severity }));
    expect(found).toEqual(
      expect.arrayContaining([
        { code: "component/retired", severity: "warning" },
        { code: "component/unmaintained", severity: "warning" },
      ]),
    );
  });
});
