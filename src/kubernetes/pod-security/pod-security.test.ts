import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { printSkip } from "../../../tests/skip.ts";
import type { PodLike, PodSecurityLevel } from "./index.ts";
import { formatLevel, podSecurityPolicy, podSecurityViolations } from "./index.ts";

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
    controls: [
      "allowPrivilegeEscalation",
      "capabilities_restricted",
      "runAsNonRoot",
      "seccompProfile_restricted",
    ],
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
    controls: ["restrictedVolumes"],
  },
  {
    name: "a container that is not hardened beside one that is",
    pod: pod({ initContainers: [{ name: "init" }] }),
    level: "restricted",
    controls: ["allowPrivilegeEscalation", "capabilities_restricted"],
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

const bare = (names: readonly string[], securityContext: object, own: object = {}): PodLike => ({
  spec: {
    securityContext: own,
    containers: names.map((name) => ({ name, securityContext })),
  },
});

/** Transcribed from pod-security-admission policy/check_*_test.go @v1.36. */
const TEXTS: readonly {
  readonly name: string;
  readonly pod: PodLike;
  readonly level: PodSecurityLevel;
  readonly message: string;
}[] = [
  {
    name: "AppArmor of pod, container and annotation",
    level: "baseline",
    pod: {
      metadata: {
        annotations: { "container.apparmor.security.beta.kubernetes.io/e": "unconfined" },
      },
      ...bare(["a"], { appArmorProfile: { type: "Unconfined" } }),
    },
    message:
      'forbidden AppArmor profiles (container "a" and annotation must not set AppArmor profile type to "Unconfined", "container.apparmor.security.beta.kubernetes.io/e="unconfined"")',
  },
  {
    name: "capabilities",
    level: "baseline",
    pod: bare(["a", "b"], { capabilities: { add: ["FOO", "BAR", "CHOWN"] } }),
    message:
      'non-default capabilities (containers "a", "b" must not include "BAR", "FOO" in securityContext.capabilities.add)',
  },
  {
    name: "host namespaces",
    level: "baseline",
    pod: { spec: { hostNetwork: true, hostPID: true, hostIPC: true } },
    message: "host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)",
  },
  {
    name: "host paths",
    level: "baseline",
    pod: {
      spec: {
        volumes: [
          { name: "a", hostPath: {} },
          { name: "b", hostPath: {} },
        ],
      },
    },
    message: 'hostPath volumes (volumes "a", "b")',
  },
  {
    name: "host ports",
    level: "baseline",
    pod: {
      spec: {
        containers: [
          { name: "a", ports: [{ hostPort: 0 }] },
          { name: "b", ports: [{ hostPort: 0 }, { hostPort: 20 }] },
          { name: "c", ports: [{ hostPort: 10 }] },
        ],
      },
    },
    message: 'hostPort (containers "b", "c" use hostPorts 10, 20)',
  },
  {
    name: "hosts of probes",
    level: "baseline",
    pod: { spec: { containers: [{ name: "a", livenessProbe: { httpGet: { host: "8.8.8.8" } } }] } },
    message: 'probe or lifecycle host (container "a" uses probe or lifecycle host "8.8.8.8")',
  },
  {
    name: "SELinux",
    level: "baseline",
    pod: bare(
      ["a"],
      { seLinuxOptions: { type: "bad", user: "u" } },
      { seLinuxOptions: { role: "r" } },
    ),
    message:
      'seLinuxOptions (pod and container "a" set forbidden securityContext.seLinuxOptions: type "bad"; user may not be set; role may not be set)',
  },
  {
    name: "seccomp",
    level: "baseline",
    pod: bare(["a"], { seccompProfile: { type: "Unconfined" } }),
    message:
      'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
  },
  {
    name: "sysctls",
    level: "baseline",
    pod: { spec: { securityContext: { sysctls: [{ name: "a" }, { name: "b" }] } } },
    message: "forbidden sysctls (a, b)",
  },
  {
    name: "Windows",
    level: "baseline",
    pod: bare(
      ["a"],
      { windowsOptions: { hostProcess: true } },
      { windowsOptions: { hostProcess: true } },
    ),
    message:
      'hostProcess (pod and container "a" must not set securityContext.windowsOptions.hostProcess=true)',
  },
  {
    name: "the mount of /proc",
    level: "baseline",
    pod: bare(["a"], { procMount: "Unmasked" }),
    message: 'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
  },
  {
    name: "volumes",
    level: "restricted",
    pod: {
      spec: {
        volumes: [
          { name: "a", nfs: {} },
          { name: "b", hostPath: {} },
          { name: "c", emptyDir: {} },
        ],
      },
    },
    message:
      'restricted volume types (volumes "a", "b" use restricted volume types "hostPath", "nfs")',
  },
  {
    name: "root by number",
    level: "restricted",
    pod: pod({ securityContext: { ...POD, runAsUser: 0 } }),
    message: "runAsUser=0 (pod must not set runAsUser=0)",
  },
  {
    name: "root by choice",
    level: "restricted",
    pod: pod({ securityContext: { ...POD, runAsNonRoot: false } }),
    message: "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)",
  },
];

describe("the words of pod security", () => {
  it.each(TEXTS)("$name", ({ pod: candidate, level, message }) => {
    expect(podSecurityViolations(candidate, level).map((one) => one.message)).toEqual([message]);
  });
});

describe("older versions of pod security", () => {
  const mapped = pod({ hostUsers: false, securityContext: { ...POD, runAsNonRoot: false } });
  const sysctl = pod({ securityContext: { ...POD, sysctls: [{ name: "net.ipv4.tcp_rmem" }] } });
  const windows = {
    spec: { ...(pod({}).spec as object), os: { name: "windows" }, containers: [{ name: "w" }] },
  };
  const unmasked = bare(["a"], { procMount: "Unmasked" });
  const mappedUnmasked = { spec: { ...(unmasked.spec as object), hostUsers: false } };

  it.each([
    { name: "a user namespace maps root since 1.35", pod: mapped, since: 35 },
    { name: "a sysctl is safe since 1.32", pod: sysctl, since: 32 },
    { name: "Windows has no Linux matters since 1.25", pod: windows, since: 25 },
  ])("$name", ({ pod: candidate, since }) => {
    expect(podSecurityViolations(candidate, "restricted", since)).toEqual([]);
    expect(podSecurityViolations(candidate, "restricted", since - 1)).not.toEqual([]);
  });

  it("a user namespace lets /proc through at baseline alone", () => {
    expect(podSecurityViolations(mappedUnmasked, "baseline")).toEqual([]);
    const controls = podSecurityViolations(mappedUnmasked, "restricted").map(
      ({ control }) => control,
    );
    expect(controls).toContain("procMount_restricted");
  });
});

describe("the labels of a namespace", () => {
  it.each([
    {
      name: "none",
      labels: {},
      enforce: "privileged:latest",
      warn: "privileged:latest",
      faults: 0,
    },
    {
      name: "a level and a version",
      labels: { enforce: "baseline", "enforce-version": "v1.24", warn: "restricted" },
      enforce: "baseline:v1.24",
      warn: "restricted:latest",
      faults: 0,
    },
    {
      name: "no warning of its own",
      labels: { enforce: "restricted", "enforce-version": "v1.30" },
      enforce: "restricted:v1.30",
      warn: "restricted:v1.30",
      faults: 0,
    },
    {
      name: "what is no level",
      labels: { enforce: "strict", warn: "strict", "warn-version": "1.24" },
      enforce: "restricted:latest",
      warn: "privileged:latest",
      faults: 3,
    },
  ])("$name", ({ labels, enforce, warn, faults }) => {
    const keyed = Object.entries(labels).map(([key, value]) => [
      `pod-security.kubernetes.io/${key}`,
      value,
    ]);
    const read = podSecurityPolicy(Object.fromEntries(keyed));
    expect(formatLevel(read.policy.enforce)).toBe(enforce);
    expect(formatLevel(read.policy.warn)).toBe(warn);
    expect(read.faults).toHaveLength(faults);
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
    const candidate = parse(readFileSync(path, "utf8")) as PodLike;
    const violations = podSecurityViolations(candidate, level, 35);
    expect(violations.length === 0 ? "pass" : "fail").toBe(verdict);
  });
});
