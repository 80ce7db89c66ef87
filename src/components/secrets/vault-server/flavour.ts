// What differs between Vault and OpenBao: two programs of one origin, whose charts name things after themselves.

export interface Flavour {
  /** Name of the component, chart, release, namespace, StatefulSet and container. */
  readonly name: string;
  readonly displayName: string;
  /** Without tag; the tag is the chart's app version. */
  readonly image: string;
  /** The command line. */
  readonly program: string;
  /** Prefix of its variables. */
  readonly variables: string;
  /** Where the chart mounts what belongs to it. */
  readonly home: string;
  /** Audit devices are declared in its configuration, and refused by its API. */
  readonly declaresAudit: boolean;
  /** What is to be known of seals by a cloud's keys, above the stanza. */
  readonly sealNote?: string;
}

export const VAULT: Flavour = {
  name: "vault",
  displayName: "Vault",
  image: "docker.io/hashicorp/vault",
  program: "vault",
  variables: "VAULT",
  home: "/vault",
  declaresAudit: false,
};

export const OPENBAO: Flavour = {
  name: "openbao",
  displayName: "OpenBao",
  image: "quay.io/openbao/openbao",
  program: "bao",
  variables: "BAO",
  home: "/openbao",
  declaresAudit: true,
  sealNote:
    "Built in up to OpenBao 2.6; from 2.7 on it is a plugin of its own, declared beside this stanza.",
};
