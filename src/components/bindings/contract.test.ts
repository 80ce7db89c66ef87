// The contract to apps: every provider of a kind sets the same variables, two intents of a kind never collide, and short
// names repeat long ones.

import { describe, expect, it } from "vitest";

import type {
  AnyProvider,
  Binding,
  PlannedIntent,
  ProviderKey,
  Unbound,
} from "../../model/index.ts";
import { readValue } from "../../model/index.ts";
import { registry } from "../index.ts";
import { mail, orders, recent, resolveContext, sacks, uploads } from "../testing/planned.ts";
import { shortNames } from "./short-names.ts";

/** What each provider needs at least. */
const OPTIONS: Readonly<Record<string, object>> = {
  "external-postgres": { host: "db.example.com" },
  "external-redis": { host: "cache.example.com" },
  "external-kafka": { brokers: ["b-1.example.com", "b-2.example.com"] },
  "external-sqs": { region: "eu-central-1", account: "111111111111" },
  "external-s3": { region: "eu-central-1", prefix: "harbour" },
};

const providers = registry.components.filter(
  (component): component is AnyProvider =>
    component.family === "provider" && component.serves !== "app",
);

function bind(provider: AnyProvider, intent: Unbound<PlannedIntent>): Omit<Binding, "intent"> {
  const { value, diagnostics } = readValue(provider.options, OPTIONS[provider.name] ?? {});
  expect(diagnostics).toEqual([]);
  return provider.bind(resolveContext(), intent, value);
}

const INTENTS: Partial<Record<ProviderKey, Unbound<PlannedIntent>>> = {
  postgres: orders,
  queue: mail,
  bucket: uploads,
  cache: recent,
  stream: sacks,
};

describe.each(Object.entries(INTENTS))("%s", (key, intent) => {
  const ofKind = providers.filter((provider) => provider.serves === key);
  const namesOf = (provider: AnyProvider, one: Unbound<PlannedIntent>): string[] =>
    bind(provider, one).env.map(({ name }) => name);

  it("has several providers to compare", () => {
    expect(ofKind.length).toBeGreaterThan(1);
  });

  it.each(ofKind.map((provider) => [provider.name, provider] as const))(
    "%s sets the variables of the contract",
    (_name, provider) => {
      const [first] = ofKind;
      expect(first).toBeDefined();
      expect(namesOf(provider, intent)).toEqual(first && namesOf(first, intent));
    },
  );

  it.each(ofKind.map((provider) => [provider.name, provider] as const))(
    "%s keeps two intents apart and hides credentials",
    (_name, provider) => {
      const other = namesOf(provider, { ...intent, name: `other-${intent.name}` });
      expect(namesOf(provider, intent).filter((name) => other.includes(name))).toEqual([]);
      const literal = bind(provider, intent).env.filter((variable) => "value" in variable);
      expect(literal.filter(({ name }) => /KEY|PASSWORD$/.test(name))).toEqual([]);
    },
  );
});

describe("short names", () => {
  const elasticmq = providers.find(({ name }) => name === "elasticmq");
  const seaweedfs = providers.find(({ name }) => name === "seaweedfs");
  const postgres = providers.find(({ name }) => name === "postgres-server");
  const bound = (provider: AnyProvider | undefined, intent: Unbound<PlannedIntent>) => {
    if (provider === undefined) throw new Error(`no provider for ${intent.name}`);
    return { origin: [], binding: { intent, ...bind(provider, intent) } };
  };

  it("repeat the first of each kind, and sign with the bucket's keys", () => {
    const bindings = [
      bound(postgres, orders),
      bound(postgres, { ...orders, name: "invoices" } as typeof orders),
      bound(elasticmq, mail),
      bound(seaweedfs, uploads),
    ];
    expect(shortNames(bindings)).toEqual([
      { name: "DATABASE_URL", value: "$(ORDERS_DATABASE_URL)" },
      { name: "SQS_ENDPOINT", value: "$(MAIL_QUEUE_ENDPOINT)" },
      { name: "S3_ENDPOINT", value: "$(UPLOADS_BUCKET_ENDPOINT)" },
      { name: "AWS_REGION", value: "$(UPLOADS_BUCKET_REGION)" },
      { name: "AWS_ACCESS_KEY_ID", value: "$(UPLOADS_BUCKET_ACCESS_KEY_ID)" },
      { name: "AWS_SECRET_ACCESS_KEY", value: "$(UPLOADS_BUCKET_SECRET_ACCESS_KEY)" },
    ]);
  });

  it("refer only to variables that exist", () => {
    const bindings = [bound(postgres, orders), bound(elasticmq, mail), bound(seaweedfs, uploads)];
    const known = new Set(bindings.flatMap(({ binding }) => binding.env.map(({ name }) => name)));
    for (const variable of shortNames(bindings)) {
      const [, target = ""] = ("value" in variable && /^\$\((.*)\)$/.exec(variable.value)) || [];
      expect(known).toContain(target);
    }
  });

  it("sign with the queue's keys where there is no bucket", () => {
    expect(shortNames([bound(elasticmq, mail)]).at(-1)).toEqual({
      name: "AWS_SECRET_ACCESS_KEY",
      value: "$(MAIL_QUEUE_SECRET_ACCESS_KEY)",
    });
  });
});
