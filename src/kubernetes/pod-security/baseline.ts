// The controls of the baseline level: known ways out of a container. Mirrors pod-security-admission policy/check_*.go
// at v1.35 and https://kubernetes.io/docs/concepts/security/pod-security-standards.

import type { ContainerFields, Fields, PodFields } from "./pod-fields.ts";
import { recordOf, recordsIn, textsIn } from "./pod-fields.ts";

/** What a control objects to; nothing when the pod passes. */
export type Control = (pod: PodFields) => readonly string[];

const CAPABILITIES = new Set([
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
]);

const SELINUX_TYPES = new Set([
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
]);

const SYSCTLS = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);

const APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

export const BASELINE: Readonly<Record<string, Control>> = {
  hostNamespaces: ({ spec }) =>
    ["hostNetwork", "hostPID", "hostIPC"]
      .filter((field) => spec[field] === true)
      .map((field) => `${field} is true`),
  privileged: (pod) => inContainers(pod, ({ privileged }) => privileged === true, "is privileged"),
  capabilities: ({ containers }) =>
    containers.flatMap(({ name, securityContext }) => {
      const added = textsIn(recordOf(securityContext["capabilities"])["add"]);
      const refused = added.filter((capability) => !CAPABILITIES.has(capability));
      return refused.length === 0 ? [] : [`container ${name} adds ${refused.join(", ")}`];
    }),
  hostPathVolumes: ({ volumes }) =>
    volumes
      .filter((volume) => volume["hostPath"] !== undefined)
      .map((volume) => `volume ${nameOf(volume)} mounts a path of the node`),
  hostPorts: ({ containers }) =>
    containers.flatMap(({ name, fields }) =>
      recordsIn(fields["ports"])
        .map(({ hostPort }) => hostPort)
        .filter((port) => typeof port === "number" && port !== 0)
        .map((port) => `container ${name} uses host port ${Number(port)}`),
    ),
  appArmorProfile: (pod) => [
    ...Object.entries(pod.annotations)
      .filter(([key, value]) => key.startsWith(APPARMOR_ANNOTATION) && !isAppArmor(value))
      .map(([key]) => `container ${key.slice(APPARMOR_ANNOTATION.length)} runs without AppArmor`),
    ...everywhere(
      pod,
      (context) => recordOf(context["appArmorProfile"])["type"] === "Unconfined",
      "runs without AppArmor",
    ),
  ],
  seLinuxOptions: (pod) =>
    everywhere(
      pod,
      (context) => !isSeLinux(recordOf(context["seLinuxOptions"])),
      "changes SELinux",
    ),
  procMount: (pod) =>
    pod.userNamespace ? [] : inContainers(pod, isUnmasked, "sees the whole of /proc"),
  seccompProfile: (pod) =>
    everywhere(pod, (context) => seccompOf(context) === "Unconfined", "runs without seccomp"),
  sysctls: ({ securityContext }) =>
    recordsIn(securityContext["sysctls"])
      .map(nameOf)
      .filter((name) => !SYSCTLS.has(name))
      .map((name) => `sysctl ${name} is not a safe one`),
  windowsHostProcess: (pod) =>
    everywhere(
      pod,
      (context) => recordOf(context["windowsOptions"])["hostProcess"] === true,
      "is a process of the Windows host",
    ),
  hostProbes: ({ containers }) =>
    containers
      .filter(({ fields }) => handlersOf(fields).some(namesHost))
      .map(({ name }) => `container ${name} lets the kubelet call another host`),
};

/** A finding for the pod's context and for every container's that `test` objects to. */
export function everywhere(
  pod: PodFields,
  test: (context: Fields) => boolean,
  what: string,
): readonly string[] {
  const own = test(pod.securityContext) ? [`the pod ${what}`] : [];
  return [...own, ...inContainers(pod, test, what)];
}

export function inContainers(
  { containers }: PodFields,
  test: (context: Fields, container: ContainerFields) => boolean,
  what: string,
): readonly string[] {
  return containers
    .filter((container) => test(container.securityContext, container))
    .map(({ name }) => `container ${name} ${what}`);
}

export function seccompOf(context: Fields): unknown {
  return recordOf(context["seccompProfile"])["type"];
}

export function isUnmasked({ procMount }: Fields): boolean {
  return procMount !== undefined && procMount !== "Default";
}

function isAppArmor(value: string): boolean {
  return value === "" || value === "runtime/default" || value.startsWith("localhost/");
}

function isSeLinux({ type = "", user = "", role = "" }: Fields): boolean {
  return typeof type === "string" && SELINUX_TYPES.has(type) && user === "" && role === "";
}

function nameOf({ name }: Fields): string {
  return typeof name === "string" ? name : "";
}

function handlersOf(fields: Fields): readonly Fields[] {
  const probes = ["livenessProbe", "readinessProbe", "startupProbe"].map((probe) => fields[probe]);
  const { postStart, preStop } = recordOf(fields["lifecycle"]);
  return [...probes, postStart, preStop].map(recordOf);
}

function namesHost(handler: Fields): boolean {
  const hosts = ["httpGet", "tcpSocket"].map((kind) => recordOf(handler[kind])["host"] ?? "");
  return hosts.some((host) => host !== "");
}
