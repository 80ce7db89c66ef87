// A port of an app with a way in of its own: objects, flows, what the app is told, and what is said of it.

import { describe, expect, it } from "vitest";

import { formatPath } from "../../../core/index.ts";
import { harbour } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";

const SMTP = {
  app: "pricing",
  port: 2525,
  listen: 25,
  reason: "partners deliver price lists by mail",
  allowFrom: ["203.0.113.0/24", "198.51.100.7/32"],
  connections: 50,
};
const exposing = (exposure: object, more: object = {}): unknown => ({
  ...harbour,
  ...more,
  exposures: { "mail-in": exposure },
});

describe("an exposed port", () => {
  const planned = planEnvironment(exposing(SMTP), "prod");
  const objects = emissionsOf(planned)
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);
  const find = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);

  it("is a load balancer that takes connections from its ranges alone", () => {
    expect(find("Service", "exposed-mail-in")).toMatchObject({
      metadata: { namespace: "pricing" },
      spec: {
        type: "LoadBalancer",
        loadBalancerSourceRanges: ["198.51.100.7/32", "203.0.113.0/24"],
        externalTrafficPolicy: "Local",
        ports: [{ port: 25, targetPort: "tcp-2525" }],
      },
    });
  });

  it("tells the app its limit, and says who keeps it", () => {
    expect(JSON.stringify(find("Deployment", "pricing"))).toContain(
      '{"name":"EXPOSED_MAIL_IN_CONNECTIONS","value":"50"}',
    );
    const found = planned.diagnostics.filter(({ code }) => code.startsWith("exposure/"));
    expect(found.map(({ code, path }) => `${code} ${formatPath(path)}`)).toEqual([
      "exposure/limit-left-to-app exposures.mail-in.connections",
    ]);
  });

  it("is a flow from its ranges, in plain text unless the app speaks TLS", () => {
    expect(planned.graph.flows.find(({ name }) => name === "mail-in-to-pricing")).toMatchObject({
      from: { kind: "external", addresses: ["198.51.100.7/32", "203.0.113.0/24"] },
      port: 2525,
      encryption: "none",
    });
    const tls = planEnvironment(exposing({ ...SMTP, tls: true }), "prod").graph.flows;
    expect(tls.find(({ name }) => name === "mail-in-to-pricing")?.encryption).toBe("tls");
  });

  it("stands in the list of ways in, after the one of routes", () => {
    expect(planned.cluster.exposures).toMatchObject([
      { name: "ingress", entry: true, ports: [80, 443] },
      {
        name: "mail-in",
        opens: { kind: "service", namespace: "pricing", name: "exposed-mail-in" },
        ports: [25],
        reason: SMTP.reason,
        limit: "50 connections",
      },
    ]);
  });
});

it("lists what a developer's machine opens, each with its reason", () => {
  const { exposures } = planEnvironment(harbour, "dev").cluster;
  expect(exposures.map(({ name, ports, allowFrom }) => [name, ports, allowFrom])).toEqual([
    ["ingress", [80], ["0.0.0.0/0"]],
    ["api", [6443], ["127.0.0.1/32"]],
    ["registry", [5000], ["127.0.0.1/32"]],
    ["registry-nodes", [5000], ["172.18.0.0/16"]],
  ]);
});

describe("what is found", () => {
  const { reason: _reason, ...unexplained } = SMTP;
  const { port: _port, ...without } = SMTP;
  const { app: _app, ...bare } = SMTP;

  it.each([
    { name: "no reason", exposure: unexplained, code: "model/missing-key" },
    {
      name: "a word for a reason",
      exposure: { ...SMTP, reason: "mail" },
      code: "model/contradiction",
    },
    { name: "nobody may use it", exposure: { ...SMTP, allowFrom: [] }, code: "model/empty" },
    { name: "nothing is opened", exposure: { ...bare, port: 25 }, code: "model/contradiction" },
    {
      name: "an app nobody knows",
      exposure: { ...SMTP, app: "prices" },
      code: "model/dangling-reference",
    },
    {
      name: "an app that listens nowhere",
      exposure: { ...without, app: "mailer" },
      code: "exposure/no-port",
    },
    {
      name: "everybody",
      exposure: { ...SMTP, allowFrom: ["0.0.0.0/0"] },
      code: "exposure/open-to-everybody",
    },
  ])("$name", ({ exposure, code }) => {
    const found = findings(exposing(exposure), "prod").filter(
      ({ severity }) => severity !== "info",
    );
    expect(found.map((one) => one.code)).toContain(code);
  });

  it("a cluster that hands out no addresses", () => {
    const nobody = { overrides: { dev: { ingress: null, loadBalancer: null } } };
    const found = findings(exposing(SMTP, nobody), "dev").filter(
      ({ severity }) => severity === "error",
    );
    expect(found.map(({ code, path }) => `${code} ${formatPath(path)}`)).toContain(
      "plan/missing-capability exposures.mail-in",
    );
  });
});
