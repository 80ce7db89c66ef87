// Secrets: declared, owned once, sealed, and nowhere in the clear.

import { describeChecks } from "../testing/check-rows.ts";
import { object, env, secret, secretEnv, sealed } from "../testing/objects.ts";
import { checkPlaintextSecrets } from "./plaintext-secrets.ts";
import { checkSecretOwners } from "./secret-owners.ts";
import { checkSecretReferences } from "./secret-references.ts";
import { checkUnsealedSecrets } from "./unsealed-secrets.ts";

const stored = object("external-secrets.io/v1", "ExternalSecret", "login", { spec: {} });

describeChecks([
  {
    name: "a secret declared for another namespace",
    check: checkSecretReferences,
    broken: { objects: [secretEnv("password")], cluster: secret(["data"]) ?? {} },
    codes: ["verify/missing-reference"],
    repaired: { objects: [secretEnv("password")], cluster: secret(["shop"]) ?? {} },
  },
  {
    name: "a key a secret does not have",
    check: checkSecretReferences,
    broken: { objects: [secretEnv("passwd")], cluster: secret(["shop"]) ?? {} },
    codes: ["verify/missing-key"],
    repaired: { objects: [secretEnv("password")], cluster: secret(["shop"]) ?? {} },
  },
  {
    name: "one Secret, two owners (T-27)",
    check: checkSecretOwners,
    broken: {
      objects: [
        sealed,
        object("external-secrets.io/v1", "ExternalSecret", "other", {
          spec: { target: { name: "login" } },
        }),
      ],
    },
    codes: ["verify/contested-secret"],
    repaired: {
      objects: [sealed, object("external-secrets.io/v1", "ExternalSecret", "other", { spec: {} })],
    },
  },
  {
    name: "a Secret in the clear",
    check: checkPlaintextSecrets,
    broken: { objects: [object("v1", "Secret", "login", { data: { password: "c2VjcmV0" } })] },
    codes: ["verify/plaintext-secret"],
    repaired: {
      objects: [
        sealed,
        object("v1", "Secret", "token", { type: "kubernetes.io/service-account-token" }),
      ],
    },
  },
  {
    name: "a secret in a setting",
    check: checkPlaintextSecrets,
    broken: { objects: [env({ name: "DB_PASSWORD", value: "hunter2" })] },
    codes: ["verify/plaintext-secret"],
    repaired: { objects: [env({ name: "DB_PASSWORD_FILE", value: "/etc/db" })] },
  },
  {
    name: "an address with a password",
    check: checkPlaintextSecrets,
    broken: { objects: [env({ name: "DB", value: "postgres://web:hunter2@db/shop" })] },
    codes: ["verify/plaintext-secret"],
    repaired: { objects: [env({ name: "DB", value: "postgres://web:$(DB_PASS)@db/shop" })] },
  },
  {
    name: "a key among settings",
    check: checkPlaintextSecrets,
    broken: {
      objects: [
        object("v1", "ConfigMap", "s", {
          data: { x: "use wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY now" },
        }),
      ],
    },
    codes: ["verify/plaintext-secret"],
    repaired: {
      objects: [
        object("v1", "ConfigMap", "s", {
          data: { x: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" },
        }),
      ],
    },
  },
  {
    name: "a secret nobody has sealed",
    check: checkUnsealedSecrets,
    broken: { cluster: secret(["shop"]) ?? {} },
    codes: ["verify/unsealed-secrets"],
    repaired: { cluster: secret(["shop"]) ?? {}, objects: [sealed] },
  },
  {
    name: "a secret that is read from a store in one of two namespaces",
    check: checkUnsealedSecrets,
    broken: { cluster: secret(["data", "shop"]) ?? {}, objects: [stored] },
    codes: ["verify/unsealed-secrets"],
    repaired: { cluster: secret(["shop"]) ?? {}, objects: [stored] },
  },
]);
