// What engines read from: host and port behind a git URL: `https://host/path`, `ssh://user@host/path` or `user@host:path`.

export interface GitEndpoint {
  readonly host: string;
  readonly port: number;
  readonly application: "https" | "http" | "ssh";
}

const DEFAULT_PORTS = { https: 443, http: 80, ssh: 22 } as const;
const SCP_LIKE = /^[^/@]+@([^/:]+):/;

/** What the `repository` option accepts. A user name is part of an SSH address; a password is a credential. */
export const GIT_URL = {
  expected: 'a git URL such as "https://example.com/platform" or "git@example.com:platform"',
  problem(text: string): string | undefined {
    if (SCP_LIKE.test(text)) return undefined;
    if (!URL.canParse(text)) return "";
    const { protocol, username, password } = new URL(text);
    if (!["https:", "http:", "ssh:"].includes(protocol)) return "";
    const hasCredential = password !== "" || (username !== "" && protocol !== "ssh:");
    return hasCredential ? "it carries credentials" : undefined;
  },
  jsonSchema: { minLength: 1 },
};

/** An unreadable URL counts as HTTPS to anywhere; the option's schema has refused it before. */
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
