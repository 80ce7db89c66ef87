// Host and port behind a git URL: `https://host/path`, `ssh://user@host/path` or `user@host:path`.

export interface GitEndpoint {
  readonly host: string;
  readonly port: number;
  readonly application: "https" | "http" | "ssh";
}

const DEFAULT_PORTS = { https: 443, http: 80, ssh: 22 } as const;
const SCP_LIKE = /^[^/@]+@([^/:]+):/;

/** An unreadable URL counts as HTTPS to anywhere; the option's schema reports it. */
export function gitEndpoint(url: string): GitEndpoint {
  const scpLike = SCP_LIKE.exec(url);
  if (scpLike?.[1] !== undefined) return { host: scpLike[1], port: 22, application: "ssh" };
  if (!URL.canParse(url)) return { host: "git", port: 443, application: "https" };
  const { protocol, hostname, port } = new URL(url);
  const scheme = protocol.slice(0, -1);
  const application = scheme === "http" || scheme === "ssh" ? scheme : "https";
  return {
    host: hostname,
    port: port === "" ? DEFAULT_PORTS[application] : Number(port),
    application,
  };
}
