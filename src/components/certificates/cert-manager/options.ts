// Options of cert-manager: who signs, and how an authority outside is convinced.

import { object, optional, string, union, type Tagged } from "../../../model/index.ts";

/** Let's Encrypt's own; its limits count for a whole domain, so tries go to the staging directory. */
const DIRECTORY = "https://acme-v02.api.letsencrypt.org/directory";

export interface AcmeInput {
  /** Where the authority writes about certificates that end. */
  email: string;
  /** ACME directory. Default: Let's Encrypt. */
  server?: string;
  /** Default `http01()`: every route's name, asked on port 80. `dns01…` also gets a wildcard, and works behind closed doors. */
  solver?: Solver;
}

export type Solver = Tagged<"http01"> | Tagged<"cloudflare"> | Tagged<"route53", Route53>;

export interface Route53 {
  /** Of the API's endpoint, e.g. `eu-central-1`. */
  region: string;
  /** Default: found by the domain. */
  hostedZoneId?: string;
}

export type Issuer =
  | { readonly kind: "private-ca" }
  | {
      readonly kind: "acme";
      readonly email: string;
      readonly server: string;
      readonly solver: Solver;
    };

export type IssuerInput = Tagged<"private-ca"> | Tagged<"acme", AcmeInput>;

export interface CertManagerInput {
  /** Who signs: `acme({ email })`, or `privateCa()`, which browsers trust once they are told to. Default `privateCa()`. */
  issuer?: IssuerInput;
}

export interface CertManagerOptions {
  readonly issuer: Issuer;
}

const solverSchema = union<Solver>("solver", {
  http01: object({}),
  cloudflare: object({}),
  route53: object<Route53>({ region: string(), hostedZoneId: optional(string()) }),
});

export const certManagerSchema = object<CertManagerInput, CertManagerOptions>({
  issuer: optional(
    union<IssuerInput, Issuer>("issuer", {
      "private-ca": object({}),
      acme: object<AcmeInput, Omit<Extract<Issuer, { kind: "acme" }>, "kind">>({
        email: string(),
        server: optional(string("url"), DIRECTORY),
        solver: optional(solverSchema, http01()),
      }),
    }),
    { kind: "private-ca" },
  ),
});

/** Issues and renews the platform's certificates. */
export function certManager(
  options: CertManagerInput = {},
): Tagged<"cert-manager", CertManagerInput> {
  return { kind: "cert-manager", ...options };
}

/** A public authority that speaks ACME. */
export function acme(options: AcmeInput): Tagged<"acme", AcmeInput> {
  return { kind: "acme", ...options };
}

/** An authority of the cluster's own, renewed by cert-manager too. */
export function privateCa(): Tagged<"private-ca"> {
  return { kind: "private-ca" };
}

/** The authority asks each name on port 80. */
export function http01(): Tagged<"http01"> {
  return { kind: "http01" };
}

/** The authority asks the domain's DNS, at Cloudflare, written with an API token a person gives. */
export function dns01Cloudflare(): Tagged<"cloudflare"> {
  return { kind: "cloudflare" };
}

/** The authority asks the domain's DNS, at Route 53, written with an access key a person gives. */
export function dns01Route53(options: Route53): Tagged<"route53", Route53> {
  return { kind: "route53", ...options };
}
