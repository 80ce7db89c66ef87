// Options of Keycloak.

import {
  integer,
  list,
  object,
  optional,
  record,
  reference,
  string,
  type Tagged,
} from "../../../model/index.ts";

export interface KeycloakInput {
  /** Name of the database it keeps everything in: a PostgreSQL of the platform. */
  database: string;
  /** Answers at `<host>.<domain>`. Default "auth". */
  host?: string;
  /** Realm of the platform's people. Default: the platform's name. */
  realm?: string;
  /** Default 2, and 1 where the environment is single. */
  replicas?: number;
  /** Programs people sign in to beside the platform's own pages and kubectl, by client id: where they may be sent back to. */
  clients?: Record<string, { redirects: string[] }>;
}

export interface KeycloakOptions {
  readonly database: string;
  readonly host: string;
  readonly realm?: string;
  readonly replicas?: number;
  readonly clients: Readonly<Record<string, { readonly redirects: readonly string[] }>>;
}

export const keycloakSchema = object<KeycloakInput, KeycloakOptions>({
  database: reference("database"),
  host: optional(string("dnsLabel"), "auth"),
  realm: optional(string("dnsLabel")),
  replicas: optional(integer({ min: 1, max: 9 })),
  clients: optional(record(object<{ redirects: string[] }>({ redirects: list(string()) })), {}),
});

/** Who people are: a realm with the groups of `roles`, for kubectl and the platform's pages. */
export function keycloak(options: KeycloakInput): Tagged<"keycloak", KeycloakInput> {
  return { kind: "keycloak", ...options };
}
