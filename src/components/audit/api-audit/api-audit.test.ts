// What the audit keeps, what the rules see in it, and what the map of controls may claim.

import { describe, expect, it } from "vitest";

import { auditLevel, auditPolicyOf } from "../../../kubernetes/index.ts";
import { citadel } from "../../testing/definitions.ts";
import { planEnvironment } from "../../testing/plan.ts";
import { auditPolicy } from "./audit-policy.ts";
import { complianceMap } from "./compliance.ts";
import { sigmaRules } from "./sigma.ts";

const { cluster, graph } = planEnvironment(citadel, "prod");

interface Event {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
}

const policy = auditPolicyOf(auditPolicy(cluster)) ?? { rules: [] };

function levelOf({ verb, group, resource: full, namespace = "" }: Event): string {
  const [resource = "", subresource = ""] = full.split("/");
  const about = { verb, group, resource, subresource, namespace };
  return auditLevel(policy, { ...about, user: person, version: "v1", name: "" });
}

const person = { name: "oidc:ada", groups: ["system:authenticated"] };

describe("the audit policy", () => {
  it.each([
    {
      name: "a secret that is read",
      verb: "get",
      group: "",
      resource: "secrets",
      level: "Metadata",
    },
    {
      name: "a secret that is written",
      verb: "update",
      group: "",
      resource: "secrets",
      level: "Metadata",
    },
    {
      name: "a binding of rights",
      verb: "create",
      group: "rbac.authorization.k8s.io",
      resource: "rolebindings",
      level: "RequestResponse",
    },
    { name: "a shell", verb: "create", group: "", resource: "pods/exec", level: "Request" },
    {
      name: "a change of an app",
      verb: "patch",
      group: "apps",
      resource: "deployments",
      namespace: "gate",
      level: "Request",
    },
    {
      name: "a change elsewhere",
      verb: "patch",
      group: "apps",
      resource: "deployments",
      level: "Metadata",
    },
    {
      name: "a lease",
      verb: "update",
      group: "coordination.k8s.io",
      resource: "leases",
      level: "None",
    },
    { name: "a watch", verb: "watch", group: "", resource: "pods", level: "None" },
  ])("keeps of $name: $level", ({ level, name: _name, ...event }) => {
    expect(levelOf(event)).toBe(level);
  });
});

describe("sigma rules", () => {
  const rules = sigmaRules(cluster);

  it("have what every rule needs, and ids of their own", () => {
    for (const { rule } of rules) {
      expect(Object.keys(rule)).toEqual(
        expect.arrayContaining(["title", "id", "status", "logsource", "detection", "level"]),
      );
    }
    expect(new Set(rules.map(({ rule }) => rule["id"])).size).toBe(rules.length);
  });

  it("name in the condition only what they define", () => {
    for (const { rule } of rules) {
      const { condition, ...parts } = rule["detection"] as { readonly condition: string };
      const words = condition.split(/\s+/).filter((word) => !["and", "or", "not"].includes(word));
      expect(words.toSorted()).toEqual(Object.keys(parts).toSorted());
    }
  });

  it("leave the platform's own controllers in peace", () => {
    const text = JSON.stringify(rules.find(({ file }) => file.startsWith("secret-read"))?.rule);
    expect(text).toContain("system:serviceaccount:external-secrets:external-secrets");
    expect(text).toContain("citadel:wardens");
    expect(text).not.toContain("citadel:readers");
  });
});

describe("the map of controls", () => {
  const map = complianceMap(cluster, graph, ["network-segregation", "quantum-safety"]);

  it("claims what is there, and lists what has no evidence", () => {
    expect(map).toMatch(/^\| network-segregation \|.*flows are allowed/m);
    expect(map).toContain("## Without evidence\n\n- admission-policy");
    expect(map).not.toMatch(/^\| admission-policy/m);
  });

  it("says what it does not know", () => {
    expect(map).toContain("## Asked for and not known here\n\n- quantum-safety\n");
  });
});
