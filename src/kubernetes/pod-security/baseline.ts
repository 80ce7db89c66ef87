// The checks of the baseline level: known ways out of a container. Mirrors pod-security-admission policy/check_*.go @v1.36
// and https://kubernetes.io/docs/concepts/security/pod-security-standards.

import { plainText } from "../../core/index.ts";
import { isAppArmorProfile, isSeLinuxType, SYSCTLS } from "./allowed-values.ts";
import { culprits, distinct, naming, plural, quoted } from "./check.ts";
import type { Check, CheckPod } from "./check.ts";
import { procMount, seccompTypes } from "./shared-checks.ts";
import { recordOf, recordsIn, textsIn } from "./pod-fields.ts";
import type { Fields } from "./pod-fields.ts";

const CAPABILITIES: readonly string[] = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

const APPARMOR = "container.apparmor.security.beta.kubernetes.io/";

const appArmorProfile: CheckPod = (pod) => {
  const typeOf = (context: Fields): unknown => recordOf(context["appArmorProfile"])["type"];
  const bad = culprits(pod, (context) => !isAppArmorProfile(typeOf(context)));
  const annotations = Object.entries(pod.annotations)
    .filter(([key, value]) => key.startsWith(APPARMOR) && !isAppArmorAnnotation(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .toSorted();
  if (bad === undefined && annotations.length === 0) return undefined;
  const values = [
    ...distinct((bad?.contexts ?? []).map((one) => String(typeOf(one)))),
    ...annotations,
  ];
  const setters = [
    ...(bad === undefined ? [] : [bad.text]),
    ...(annotations.length > 0 ? [plural("annotation", annotations.length)] : []),
  ];
  return {
    reason: plural("forbidden AppArmor profile", values.length),
    detail: `${setters.join(" and ")} must not set AppArmor profile type to ${quoted(values)}`,
  };
};

function isAppArmorAnnotation(value: string): boolean {
  return value === "" || value === "runtime/default" || value.startsWith("localhost/");
}

const capabilities: CheckPod = ({ containers }) => {
  const foreign = ({ securityContext }: { readonly securityContext: Fields }): readonly string[] =>
    textsIn(recordOf(securityContext["capabilities"])["add"]).filter(
      (name) => !CAPABILITIES.includes(name),
    );
  const bad = containers.filter((one) => foreign(one).length > 0);
  if (bad.length === 0) return undefined;
  const added = quoted(distinct(bad.flatMap(foreign)));
  return {
    reason: "non-default capabilities",
    detail: `${naming(bad)} must not include ${added} in securityContext.capabilities.add`,
  };
};

const hostNamespaces: CheckPod = ({ spec }) => {
  const shared = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => spec[field] === true);
  if (shared.length === 0) return undefined;
  return { reason: "host namespaces", detail: shared.map((field) => `${field}=true`).join(", ") };
};

const hostPathVolumes: CheckPod = ({ volumes }) => {
  const bad = volumes.filter(({ hostPath }) => (hostPath ?? undefined) !== undefined);
  if (bad.length === 0) return undefined;
  const detail = `${plural("volume", bad.length)} ${quoted(bad.map(({ name }) => String(name)))}`;
  return { reason: "hostPath volumes", detail };
};

const hostPorts: CheckPod = ({ containers }) => {
  const portsOf = ({ fields }: { readonly fields: Fields }): readonly string[] =>
    recordsIn(fields["ports"])
      .map(({ hostPort }) => hostPort)
      .filter((port) => typeof port === "number" && port !== 0)
      .map(String);
  const bad = containers.filter((one) => portsOf(one).length > 0);
  if (bad.length === 0) return undefined;
  const ports = distinct(bad.flatMap(portsOf));
  const uses = bad.length === 1 ? "uses" : "use";
  const detail = `${naming(bad)} ${uses} ${plural("hostPort", ports.length)} ${ports.join(", ")}`;
  return { reason: "hostPort", detail };
};

const hostProbes: CheckPod = ({ containers }) => {
  const bad = containers.filter(({ fields }) => hostsOf(fields).length > 0);
  if (bad.length === 0) return undefined;
  const hosts = distinct(bad.flatMap(({ fields }) => hostsOf(fields)));
  const named = bad.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const uses = bad.length === 1 ? "uses" : "use";
  const what = plural("probe or lifecycle host", hosts.length);
  return {
    reason: "probe or lifecycle host",
    detail: `${naming(named)} ${uses} ${what} ${quoted(hosts)}`,
  };
};

function hostsOf(fields: Fields): readonly string[] {
  const probes = ["livenessProbe", "readinessProbe", "startupProbe"].map((probe) => fields[probe]);
  const { postStart, preStop } = recordOf(fields["lifecycle"]);
  const handlers = [...probes, postStart, preStop].map(recordOf);
  return handlers.flatMap((handler) =>
    textsIn(["httpGet", "tcpSocket"].map((kind) => recordOf(handler[kind])["host"] ?? "")).filter(
      (host) => host !== "",
    ),
  );
}

const privileged: CheckPod = ({ containers }) => {
  const bad = containers.filter(({ securityContext }) => securityContext["privileged"] === true);
  if (bad.length === 0) return undefined;
  const detail = `${naming(bad)} must not set securityContext.privileged=true`;
  return { reason: "privileged", detail };
};

const seLinuxOptions =
  (minor: number): CheckPod =>
  (pod) => {
    const optionsOf = (context: Fields): Fields => recordOf(context["seLinuxOptions"]);
    const typeOf = (context: Fields): string => plainText(optionsOf(context)["type"] ?? "");
    const isSet = (context: Fields, field: string): boolean =>
      (optionsOf(context)[field] ?? "") !== "";
    const bad = culprits(
      pod,
      (context) =>
        !isSeLinuxType(typeOf(context), minor) || isSet(context, "user") || isSet(context, "role"),
    );
    if (bad === undefined) return undefined;
    const types = distinct(bad.contexts.map(typeOf).filter((type) => !isSeLinuxType(type, minor)));
    const data = [
      ...(types.length > 0 ? [`${plural("type", types.length)} ${quoted(types)}`] : []),
      ...["user", "role"]
        .filter((field) => bad.contexts.some((context) => isSet(context, field)))
        .map((field) => `${field} may not be set`),
    ];
    return {
      reason: "seLinuxOptions",
      detail: `${bad.text} set forbidden securityContext.seLinuxOptions: ${data.join("; ")}`,
    };
  };

const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";

/** Before there was a field for it. */
const seccompAnnotations: CheckPod = ({ annotations, containers }) => {
  const keys = [SECCOMP_POD, ...containers.map(({ name }) => SECCOMP_CONTAINER + name)];
  const forbidden = keys.flatMap((key) => {
    const value = annotations[key];
    return value === undefined || isSeccompAnnotation(value)
      ? []
      : [`${key}=${JSON.stringify(value)}`];
  });
  if (forbidden.length === 0) return undefined;
  const listed = distinct(forbidden);
  return {
    reason: "seccompProfile",
    detail: `forbidden ${plural("annotation", listed.length)} ${listed.join(", ")}`,
  };
};

function isSeccompAnnotation(value: string): boolean {
  return ["runtime/default", "docker/default"].includes(value) || value.startsWith("localhost/");
}

const sysctls =
  (minor: number): CheckPod =>
  ({ securityContext }) => {
    const names = recordsIn(securityContext["sysctls"]).map(({ name }) => plainText(name ?? ""));
    const unsafe = names.filter((name) => (SYSCTLS.get(name) ?? Infinity) > minor);
    return unsafe.length === 0
      ? undefined
      : { reason: "forbidden sysctls", detail: unsafe.join(", ") };
  };

const windowsHostProcess: CheckPod = (pod) => {
  const bad = culprits(
    pod,
    (context) => recordOf(context["windowsOptions"])["hostProcess"] === true,
  );
  return (
    bad && {
      reason: "hostProcess",
      detail: `${bad.text} must not set securityContext.windowsOptions.hostProcess=true`,
    }
  );
};

/** Sorted by name, as the server reports them. */
export const BASELINE: readonly Check[] = [
  { id: "appArmorProfile", revisions: [{ since: 0, check: appArmorProfile }] },
  { id: "capabilities_baseline", revisions: [{ since: 0, check: capabilities }] },
  { id: "hostNamespaces", revisions: [{ since: 0, check: hostNamespaces }] },
  { id: "hostPathVolumes", revisions: [{ since: 0, check: hostPathVolumes }] },
  { id: "hostPorts", revisions: [{ since: 0, check: hostPorts }] },
  { id: "hostProbesAndHostLifecycle", revisions: [{ since: 34, check: hostProbes }] },
  { id: "privileged", revisions: [{ since: 0, check: privileged }] },
  {
    id: "procMount",
    revisions: [
      { since: 0, check: procMount },
      { since: 35, check: (pod) => (pod.userNamespace ? undefined : procMount(pod)) },
    ],
  },
  {
    id: "seLinuxOptions",
    revisions: [0, 31].map((since) => ({ since, check: seLinuxOptions(since) })),
  },
  {
    id: "seccompProfile_baseline",
    revisions: [
      { since: 0, check: seccompAnnotations },
      { since: 19, check: seccompTypes },
    ],
  },
  {
    id: "sysctls",
    revisions: [0, 27, 29, 32].map((since) => ({ since, check: sysctls(since) })),
  },
  { id: "windowsHostProcess", revisions: [{ since: 0, check: windowsHostProcess }] },
];
