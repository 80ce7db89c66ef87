// The built-in kustomize against the real one, object for object and in the same order.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { findTool } from "../../tests/skip.ts";
import { buildKustomization, type FileTree } from "./build-kustomization.ts";
import { readYaml } from "./read-yaml.ts";

const kubectl = await findTool("kubectl");

function realBuild(files: FileTree, folder: string): unknown[] | "refused" {
  const root = mkdtempSync(join(tmpdir(), "keelson-render-"));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const command = ["kustomize", join(root, folder)];
    const text = execFileSync(kubectl ?? "kubectl", command, { encoding: "utf8", stdio: "pipe" });
    return [...readYaml(text).values];
  } catch {
    return "refused";
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function ownBuild(files: FileTree, folder: string): unknown[] | "refused" {
  const { objects, diagnostics } = buildKustomization(files, folder);
  return diagnostics.length > 0 ? "refused" : [...objects];
}

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}
  template:
    metadata: {labels: {app: web}}
    spec:
      volumes:
      - {name: a, emptyDir: {}}
      - {name: b, configMap: {name: b, defaultMode: 0644}}
      initContainers:
      - {name: init, image: "ghcr.io/example/web:1"}
      containers:
      - {name: x, image: "ghcr.io/example/web:1@sha256:abc", env: [{name: A, value: "1"}, {name: B, value: "2"}]}
      - {name: y, image: "localhost:5000/y:2", args: [a, b], ports: [{containerPort: 80}, {containerPort: 81, protocol: UDP}]}
      imagePullSecrets: [{name: a}]
      tolerations: [{key: a, operator: Exists}]
      topologySpreadConstraints: [{topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, maxSkew: 1}]
`;
const OTHERS = `apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
subjects:
- {kind: ServiceAccount, name: web, namespace: default}
- {kind: ServiceAccount, name: default, namespace: elsewhere}
- {kind: ServiceAccount, name: other, namespace: default}
- {kind: Group, name: web, apiGroup: rbac.authorization.k8s.io}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: web}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy, finalizers: [a/b]}
spec:
  schedule: "0 2 * * *"
  jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: busybox}], restartPolicy: Never}}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec: {serviceName: db, template: {spec: {containers: [{name: db, image: "postgres:16"}]}}}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: canary}
spec: {replicas: 1, template: {spec: {containers: [{name: x, image: "ghcr.io/example/web:1"}, {name: s, image: s}]}}}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: ca}
spec: {selfSigned: {}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: http, port: 80, targetPort: 8080}, {name: dns, port: 53, protocol: UDP}]}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: one}, data: {a: "yes", b: "0123"}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: local, annotations: {config.kubernetes.io/local-config: "true"}}}
`;

const tree = (kustomization: string, more: Record<string, string> = {}): FileTree =>
  new Map(
    Object.entries({
      "kustomization.yaml": kustomization,
      "deployment.yaml": DEPLOYMENT,
      "others.yaml": OTHERS,
      ...more,
    }),
  );
const RESOURCES = "resources: [deployment.yaml, others.yaml]\n";
const patchOf = (spec: string): string => `${RESOURCES}patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: ${spec}
`;
const pod = (spec: string): string => patchOf(`{template: {spec: ${spec}}}`);

const CASES: readonly (readonly [string, FileTree])[] = [
  ["plain resources", tree(RESOURCES)],
  ["first in, first out", tree(`${RESOURCES}sortOptions: {order: fifo}\n`)],
  ["a namespace", tree(`${RESOURCES}namespace: shop\n`)],
  ["labels", tree(`${RESOURCES}labels: [{pairs: {team: a, app: b}}]\n`)],
  [
    "labels on templates",
    tree(`${RESOURCES}labels: [{pairs: {team: a}, includeTemplates: true}, {pairs: {x: "y"}}]\n`),
  ],
  ["annotations", tree(`${RESOURCES}commonAnnotations: {note: "yes"}\n`)],
  ["replicas", tree(`${RESOURCES}replicas: [{name: web, count: 4}, {name: db, count: 0}]\n`)],
  ["replicas of nothing", tree(`${RESOURCES}replicas: [{name: canary, count: 4}]\n`)],
  ["an image's tag", tree(`${RESOURCES}images: [{name: ghcr.io/example/web, newTag: "2"}]\n`)],
  [
    "an image's digest",
    tree(`${RESOURCES}images: [{name: ghcr.io/example/web, digest: "sha256:def"}]\n`),
  ],
  [
    "an image's name",
    tree(
      `${RESOURCES}images: [{name: localhost:5000/y, newName: ghcr.io/y}, {name: postgres, newName: pg, newTag: "17"}, {name: busybox, digest: "sha256:1"}]\n`,
    ),
  ],
  ["an added container", tree(pod("{containers: [{name: z, image: z}]}"))],
  ["a changed container", tree(pod("{containers: [{name: y, image: new, args: [c]}]}"))],
  ["a removed container", tree(pod("{containers: [{name: x, $patch: delete}]}"))],
  ["a replaced container", tree(pod("{containers: [{name: y, $patch: replace, image: new}]}"))],
  ["replaced containers", tree(pod("{containers: [{$patch: replace}, {name: n, image: n}]}"))],
  ["removed containers", tree(pod("{initContainers: [{$patch: delete}]}"))],
  [
    "environment in order",
    tree(pod("{containers: [{name: x, env: [{name: C, value: c}, {name: B, value: b}]}]}")),
  ],
  ["an emptied variable", tree(pod("{containers: [{name: x, env: [{name: A, value: null}]}]}"))],
  [
    "a port with a protocol",
    tree(pod("{containers: [{name: y, ports: [{containerPort: 80, protocol: TCP, name: http}]}]}")),
  ],
  [
    "a port without one",
    tree(pod("{containers: [{name: y, ports: [{containerPort: 81, name: dns}]}]}")),
  ],
  ["a new port", tree(pod("{containers: [{name: y, ports: [{containerPort: 82}]}]}"))],
  ["a replaced list", tree(pod("{tolerations: [{key: b}]}"))],
  ["a removed list", tree(pod("{tolerations: null}"))],
  [
    "a volume of another kind",
    tree(pod("{volumes: [{name: a, emptyDir: null, secret: {secretName: s}}]}")),
  ],
  [
    "a spread constraint",
    tree(
      pod(
        "{topologySpreadConstraints: [{topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, maxSkew: 2}]}",
      ),
    ),
  ],
  [
    "another spread constraint",
    tree(
      pod(
        "{topologySpreadConstraints: [{topologyKey: zone, whenUnsatisfiable: DoNotSchedule, maxSkew: 2}]}",
      ),
    ),
  ],
  ["a strategy", tree(patchOf("{strategy: {$patch: replace, type: Recreate}}"))],
  [
    "a strategy that keeps its keys",
    tree(patchOf("{strategy: {$retainKeys: [type], type: Recreate}}")),
  ],
  ["a removed record", tree(patchOf("{strategy: {$patch: delete}}"))],
  ["nulls in what is new", tree(patchOf("{new: {a: null, b: {c: null}, d: [null, {e: null}]}}"))],
  ["a list where a record is", tree(patchOf("{strategy: [a]}"))],
  ["a list newer than kustomize's schema", tree(pod("{schedulingGates: [{name: a}]}"))],
  [
    "a whole object removed",
    tree(
      `${RESOURCES}patches: [{patch: "{apiVersion: v1, kind: Service, metadata: {name: web}, $patch: delete}"}]\n`,
    ),
  ],
  [
    "a custom kind, whose lists are replaced",
    tree(
      `${RESOURCES}patches: [{patch: "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: canary}, spec: {template: {spec: {containers: [{name: z}]}}}}"}]\n`,
    ),
  ],
  [
    "finalizers",
    tree(
      `${RESOURCES}patches: [{patch: "{apiVersion: batch/v1, kind: CronJob, metadata: {name: tidy, finalizers: [c/d, a/b]}}"}]\n`,
    ),
  ],
  [
    "several patches in one file",
    tree(`${RESOURCES}patches: [{path: p.yaml}]\n`, {
      "p.yaml":
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: one}, data: {a: x}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80, name: web}]}}\n",
    }),
  ],
  [
    "a merge patch for whatever its target selects",
    tree(
      `${RESOURCES}patches: [{target: {kind: Deployment|StatefulSet}, patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: ignored, labels: {tier: a}}, spec: {minReadySeconds: 5}}"}]\n`,
    ),
  ],
  [
    "targets by label, name, group and namespace",
    tree(`${RESOURCES}patches:
- {target: {labelSelector: "app=web"}, patch: "- {op: add, path: /metadata/labels/l, value: '1'}"}
- {target: {group: rbac.authorization.k8s.io, name: w.*}, patch: "- {op: add, path: /metadata/labels, value: {g: '1'}}"}
- {target: {namespace: default, kind: Service}, patch: "- {op: replace, path: /spec/ports/0/port, value: 81}"}
- {target: {kind: Servic}, patch: "- {op: remove, path: /spec}"}
- {target: {kind: ConfigMap, annotationSelector: config.kubernetes.io/local-config}, patch: "- {op: add, path: /data, value: {}}"}
`),
  ],
  [
    "a JSON patch that does not fit",
    tree(
      `${RESOURCES}patches: [{target: {kind: Service}, patch: "[{op: remove, path: /spec/none}]"}]\n`,
    ),
  ],
  [
    "a JSON patch without a target",
    tree(`${RESOURCES}patches: [{patch: "[{op: remove, path: /spec}]"}]\n`),
  ],
  [
    "a patch of nothing",
    tree(
      `${RESOURCES}patches: [{patch: "{apiVersion: v1, kind: Service, metadata: {name: none}}"}]\n`,
    ),
  ],
  [
    "a patch in another namespace",
    tree(
      `${RESOURCES}patches: [{patch: "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}"}]\n`,
    ),
  ],
  [
    "the same object twice",
    tree("resources: [deployment.yaml, again.yaml]\n", { "again.yaml": DEPLOYMENT }),
  ],
  ["no such file", tree("resources: [none.yaml]\n")],
  ["an unknown field", tree(`${RESOURCES}unknown: 1\n`)],
  ["nothing at all", tree("kind: Kustomization\n")],
  ["a broken file", tree("resources: [b.yaml]\n", { "b.yaml": "a: [\n" })],
  [
    "an object without a name",
    tree("resources: [b.yaml]\n", { "b.yaml": "{apiVersion: v1, kind: Service}\n" }),
  ],
];

const OVERLAY: FileTree = new Map([
  [
    "base/kustomization.yaml",
    "resources: [deployment.yaml, others.yaml]\nnamespace: base\nlabels: [{pairs: {from: base}}]\n",
  ],
  ["base/deployment.yaml", DEPLOYMENT],
  ["base/others.yaml", OTHERS],
  [
    "overlays/prod/kustomization.yaml",
    `resources: [../../base, extra.yaml]
namespace: prod
patches:
- path: patch.yaml
- {target: {namespace: base, kind: ConfigMap}, patch: "- {op: add, path: /data/b, value: base}"}
- {target: {namespace: default, kind: ConfigMap}, patch: "- {op: add, path: /data/d, value: default}"}
labels: [{pairs: {env: prod}}]
`,
  ],
  [
    "overlays/prod/patch.yaml",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: base}\nspec: {replicas: 9}\n",
  ],
  ["overlays/prod/extra.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n"],
  ["overlays/outside/kustomization.yaml", "resources: [../../base/deployment.yaml]\n"],
  [
    "overlays/old/kustomization.yaml",
    'resources: [../../base]\npatches: [{patch: "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {a: 1}}"}]\n',
  ],
  ["overlays/cycle/kustomization.yaml", "resources: [../cycle]\n"],
  ["overlays/none/readme.md", "nothing to build\n"],
]);

describe.skipIf(kubectl === undefined)("agrees with kubectl kustomize", () => {
  it.each(CASES)("%s", (_, files) => expect(ownBuild(files, "")).toEqual(realBuild(files, "")));

  it.each([
    "base",
    "overlays/prod",
    "overlays/outside",
    "overlays/old",
    "overlays/cycle",
    "overlays/none",
  ])("%s", (folder) => expect(ownBuild(OVERLAY, folder)).toEqual(realBuild(OVERLAY, folder)));

  it("on random patches of random objects", () => {
    const cases = fc.sample(fc.tuple(podSpec, podSpec), { numRuns: 200 });
    const object = (name: number, spec: unknown): unknown => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `p${name}` },
      spec,
    });
    const files: FileTree = new Map([
      ["kustomization.yaml", "resources: [r.yaml]\npatches: [{path: p.yaml}]\n"],
      ["r.yaml", cases.map(([spec], at) => stringify(object(at, dropNulls(spec)))).join("---\n")],
      ["p.yaml", cases.map(([, spec], at) => stringify(object(at, spec))).join("---\n")],
    ]);
    expect(ownBuild(files, "")).toEqual(realBuild(files, ""));
  });
});

const name = fc.constantFrom("a", "b", "c");
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
const keyed = <T>(key: string, fields: Record<string, fc.Arbitrary<T>>): fc.Arbitrary<unknown> =>
  fc.uniqueArray(fc.record({ [key]: name, ...fields }, { requiredKeys: [key] }), {
    maxLength: 3,
    selector: (item) => (item as Record<string, unknown>)[key],
  });
const port = fc.record(
  {
    containerPort: fc.constantFrom(80, 81),
    protocol: fc.constantFrom("TCP", "UDP"),
    name,
  },
  { requiredKeys: ["containerPort"] },
);
const ports = fc.uniqueArray(port, {
  maxLength: 3,
  selector: ({ containerPort, protocol }) => `${containerPort}/${protocol}`,
});
const container: Record<string, fc.Arbitrary<unknown>> = {
  image: maybe(name),
  args: maybe(fc.array(name, { maxLength: 2 })),
  env: maybe(keyed("name", { value: maybe(name) })),
  ports: maybe(ports),
  resources: maybe(fc.dictionary(name, maybe(fc.dictionary(name, maybe(name))))),
};
const podSpec = fc.record(
  {
    containers: keyed("name", container),
    volumes: maybe(keyed("name", { emptyDir: fc.constantFrom({}, { medium: "Memory" }) })),
    nodeSelector: maybe(fc.dictionary(name, maybe(name))),
    tolerations: maybe(fc.array(fc.record({ key: name }), { maxLength: 2 })),
    priority: maybe(fc.integer({ min: 0, max: 9 })),
  },
  { requiredKeys: [] },
);

function dropNulls(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, child: unknown) => child ?? undefined) as unknown;
}
