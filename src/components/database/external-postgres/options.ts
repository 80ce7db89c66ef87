// Options of a PostgreSQL service outside the cluster.

import { list, object, oneOf, optional, port, string, type Tagged } from "../../../model/index.ts";

export interface ExternalPostgresInput {
  /** DNS name of the service, e.g. the endpoint of an RDS instance. */
  host: string;
  /** Default 5432. */
  port?: number;
  /** Address ranges it answers from, for the network policies. Default: anywhere outside the cluster. */
  addresses?: string[];
  /**
   * `require` encrypts; `verify-full` also checks the server's name and needs the authority's certificate in the app.
   * Default require.
   */
  sslMode?: "require" | "verify-full";
  /**
   * Whose tokens its roles take in place of a password, as RDS and Aurora do with IAM: apps with an `identity` there get the role's name
   * and make the token themselves, which their drivers' AWS plug-ins do. Default: passwords only.
   */
  identity?: "aws";
}

export interface ExternalPostgresOptions {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
  readonly sslMode: "require" | "verify-full";
  readonly identity?: "aws";
}

export const externalPostgresSchema = object<ExternalPostgresInput, ExternalPostgresOptions>({
  host: string("host"),
  port: optional(port(), 5432),
  addresses: optional(list(string("cidr")), []),
  sslMode: optional(oneOf(["require", "verify-full"]), "require"),
  identity: optional(oneOf(["aws"])),
});

/** A PostgreSQL service somebody else runs: RDS, a managed database, a server of one's own. */
export function externalPostgres(
  options: ExternalPostgresInput,
): Tagged<"external-postgres", ExternalPostgresInput> {
  return { kind: "external-postgres", ...options };
}
