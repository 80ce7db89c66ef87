import { describe, expect, it } from "vitest";
import { crdObjects, kindsOfCrd, kindsOfFacts, validateObject } from "../../../kubernetes/index.ts";
import { argocdCrdFacts } from "./crds.facts.ts";

const kinds = new Map(kindsOfFacts(argocdCrdFacts).map((kind) => [kind.kind, kind]));

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly rest: Readonly<Record<string, unknown>>;
  /** `field: kind` of every problem. */
  readonly problems?: readonly string[];
}

const SPEC = {
  project: "default",
  source: { repoURL: "https://git.example/platform", path: "apps/web", targetRevision: "main" },
  destination: { server: "https://kubernetes.default.svc", namespace: "web" },
  syncPolicy: {
    automated: { prune: true, selfHeal: true },
    syncOptions: ["CreateNamespace=true"],
    retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
  },
};

const CASES: readonly Case[] = [
  { name: "an application", kind: "Application", rest: { spec: SPEC } },
  {
    name: "an application without project and destination",
    kind: "Application",
    rest: { spec: { source: { repoURL: "https://git.example/platform" } } },
    problems: ["spec.destination: required", "spec.project: required"],
  },
  {
    name: "a misspelt policy",
    kind: "Application",
    rest: { spec: { ...SPEC, syncPolicy: { automatic: {} } } },
    problems: ["spec.syncPolicy.automatic: unknown-field"],
  },
  {
    name: "an application without spec",
    kind: "Application",
    rest: {},
    problems: ["spec: required"],
  },
  {
    name: "an application set",
    kind: "ApplicationSet",
    rest: {
      spec: {
        goTemplate: true,
        generators: [
          {
            git: {
              repoURL: "https://git.example/platform",
              revision: "main",
              directories: [{ path: "apps/*" }],
            },
          },
        ],
        template: { metadata: { name: "{{ .path.basename }}" }, spec: SPEC },
      },
    },
  },
  {
    name: "a generator within a generator",
    kind: "ApplicationSet",
    rest: {
      spec: {
        generators: [
          {
            matrix: {
              generators: [
                { clusters: { selector: { matchLabels: { env: "prod" } } } },
                { list: { elements: [{ any: { thing: 1 } }], nope: 1 } },
              ],
            },
          },
        ],
        template: { metadata: {}, spec: SPEC },
      },
    },
    problems: ["spec.generators[0].matrix.generators[1].list.nope: unknown-field"],
  },
  {
    name: "a project",
    kind: "AppProject",
    rest: {
      spec: {
        sourceRepos: ["*"],
        destinations: [{ namespace: "*", server: "*" }],
        clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      },
    },
  },
];

describe("Argo CD's kinds", () => {
  it("are the three of a release", () => {
    expect([...kinds.keys()]).toEqual(["Application", "ApplicationSet", "AppProject"]);
    expect(kinds.get("Application")?.columns?.map(({ name }) => name)).toContain("Sync Status");
    expect(kinds.get("Application")?.subresources).toEqual([]);
    expect(kinds.get("ApplicationSet")?.subresources).toEqual(["status"]);
  });

  it.each(CASES)("$name", ({ kind, rest, problems = [] }) => {
    const facts = kinds.get(kind);
    const object = {
      apiVersion: "argoproj.io/v1alpha1",
      kind,
      metadata: { name: "web", namespace: "argocd" },
      ...rest,
    };
    const found = facts && validateObject(object, facts);
    expect(found?.map(({ cause, kind: what }) => `${cause.field}: ${what}`)).toEqual(problems);
  });

  it("install as the definitions they came from", () => {
    const installed = crdObjects(argocdCrdFacts).flatMap(kindsOfCrd);
    expect(installed).toEqual([...kinds.values()]);
  });
});
