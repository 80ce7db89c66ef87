import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { printSkip } from "../../../tests/skip.ts";
import type { PodLike, PodSecurityLevel } from "./index.ts";
import { podSecurityViolations } from "./index.ts";

const HARDENED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
};
const POD = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };

const pod = (spec: object, container: object = {}): PodLike => ({
  spec: {
    securityContext: POD,
    containers: [{ name: "web", securityContext: HARDENED, ...container }],
    ...spec,
  },
});

interface Row {
  readonly name: string;
  readonly pod: PodLike;
  readonly level: PodSecurityLevel;
  readonly controls: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: "a hardened pod", pod: pod({}), level: "restricted", controls: [] },
  { name: "an empty pod", pod: { spec: {} }, level: "restricted", controls: [] },
  {
    name: "a bare container",
    pod: { spec: { containers: [{ name: "web" }] } },
    level: "restricted",
    controls: ["capabilities", "seccompProfile", "allowPrivilegeEscalation", "runAsNonRoot"],
  },
  {
    name: "a bare container",
    pod: { spec: { containers: [{ name: "web" }] } },
    level: "baseline",
    controls: [],
  },
  {
    name: "the node's network",
    pod: pod({ hostNetwork: true }),
    level: "baseline",
    controls: ["hostNamespaces"],
  },
  {
    name: "the node's network",
    pod: pod({ hostNetwork: true }),
    level: "privileged",
    controls: [],
  },
  {
    name: "a path of the node",
    pod: pod({ volumes: [{ name: "logs", hostPath: { path: "/var/log" } }] }),
    level: "restricted",
    controls: ["hostPathVolumes", "volumes"],
  },
  {
    name: "a container that is not hardened beside one that is",
    pod: pod({ initContainers: [{ name: "init" }] }),
    level: "restricted",
    controls: ["capabilities", "allowPrivilegeEscalation"],
  },
  {
    name: "root by number",
    pod: pod({}, { securityContext: { ...HARDENED, runAsUser: 0 } }),
    level: "restricted",
    controls: ["runAsUser"],
  },
];

describe("pod security", () => {
  it.each(ROWS)("$level: $name", ({ pod: candidate, level, controls }) => {
    expect(podSecurityViolations(candidate, level).map(({ control }) => control)).toEqual(controls);
  });
});

const FIXTURES = join(
  process.env["KEELSON_TEST_DATA"] ?? "../shared/data",
  "kubernetes/pod-security",
);
const found = existsSync(FIXTURES);
if (!found) printSkip("pod security fixtures", `${FIXTURES} is not here`);

const fixtures = (["baseline", "restricted"] as const).flatMap((level) =>
  (["pass", "fail"] as const).flatMap((verdict) => {
    const folder = join(FIXTURES, level, "v1.35", verdict);
    const files = found ? readdirSync(folder) : [];
    return files.map((file) => ({ level, verdict, file, path: join(folder, file) }));
  }),
);

describe.skipIf(!found)("the published pods", () => {
  it.each(fixtures)("$level $verdict $file", ({ level, verdict, path }) => {
    const violations = podSecurityViolations(parse(readFileSync(path, "utf8")) as PodLike, level);
    expect(violations.length === 0 ? "pass" : "fail").toBe(verdict);
  });
});
