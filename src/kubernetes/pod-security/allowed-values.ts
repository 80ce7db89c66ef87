// Values that Pod Security lets pass, and since which minor version of Kubernetes 1. Mirrors pod-security-admission
// policy/check_sysctls.go, check_seLinuxOptions.go and check_appArmorProfile.go @v1.36.

/** Safe sysctl → the version that knows it as one. */
export const SYSCTLS: ReadonlyMap<string, number> = new Map([
  ["kernel.shm_rmid_forced", 0],
  ["net.ipv4.ip_local_port_range", 0],
  ["net.ipv4.tcp_syncookies", 0],
  ["net.ipv4.ping_group_range", 0],
  ["net.ipv4.ip_unprivileged_port_start", 0],
  ["net.ipv4.ip_local_reserved_ports", 27],
  ["net.ipv4.tcp_keepalive_time", 29],
  ["net.ipv4.tcp_fin_timeout", 29],
  ["net.ipv4.tcp_keepalive_intvl", 29],
  ["net.ipv4.tcp_keepalive_probes", 29],
  ["net.ipv4.tcp_rmem", 32],
  ["net.ipv4.tcp_wmem", 32],
]);

const SELINUX_TYPES: ReadonlyMap<string, number> = new Map([
  ["", 0],
  ["container_t", 0],
  ["container_init_t", 0],
  ["container_kvm_t", 0],
  ["container_engine_t", 31],
]);

export function isSeLinuxType(type: string, minor: number): boolean {
  return (SELINUX_TYPES.get(type) ?? Infinity) <= minor;
}

/** An absent profile is the runtime's. */
export function isAppArmorProfile(type: unknown): boolean {
  return type === undefined || type === null || type === "RuntimeDefault" || type === "Localhost";
}
