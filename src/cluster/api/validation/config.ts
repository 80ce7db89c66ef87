// Essential validation of config maps and secrets. Mirrors kubernetes pkg/apis/core/validation/validation.go.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, tooLongField } from "../field-error.ts";
import { recordAt, textAt, textsAt } from "./fields.ts";

const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_TEXT =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  " +
  "or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const KEY_LENGTH_MAX = 253;
const DATA_BYTES_MAX = 1024 * 1024;

export function validateConfigMap(object: KubernetesObject): readonly StatusCause[] {
  const data = textsAt(object, "data");
  const binary = textsAt(object, "binaryData");
  const causes = [...keyFaults("data", data), ...keyFaults("binaryData", binary)];
  for (const key of Object.keys(binary).filter((name) => Object.hasOwn(data, name))) {
    causes.push(invalidField(`data[${key}]`, key, `duplicate of key present in binaryData`));
  }
  return [...causes, ...sizeFaults("", [...Object.values(data), ...Object.values(binary)])];
}

export function validateSecret(object: KubernetesObject): readonly StatusCause[] {
  const data = textsAt(object, "data");
  return [
    ...keyFaults("data", data),
    ...sizeFaults("data", Object.values(data)),
    ...typeFaults(object),
  ];
}

/** Fields a secret of a well-known type must hold. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

function typeFaults(secret: KubernetesObject): readonly StatusCause[] {
  const data = textsAt(secret, "data");
  const type = textAt(secret, "type");
  if (type === "kubernetes.io/service-account-token") {
    const annotations = secret.metadata.annotations ?? {};
    const name = "kubernetes.io/service-account.name";
    return (annotations[name] ?? "") === "" ? [requiredField(`metadata.annotations[${name}]`)] : [];
  }
  const missing = (NEEDED[type] ?? []).filter((key) => !Object.hasOwn(data, key));
  return missing.map((key) => requiredField(`data[${key}]`));
}

export function validateSecretUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const type = textAt(next, "type");
  const causes =
    type === textAt(old, "type") ? [] : [invalidField("type", type, "field is immutable")];
  return [...causes, ...immutableFaults(next, old, ["data"])];
}

export function validateConfigMapUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  return immutableFaults(next, old, ["data", "binaryData"]);
}

const IMMUTABLE_TEXT = "field is immutable when `immutable` is set";

/** Once `immutable` is true it stays so, and so does the data. */
function immutableFaults(
  next: KubernetesObject,
  old: KubernetesObject,
  fields: readonly string[],
): readonly StatusCause[] {
  if (old["immutable"] !== true) return [];
  const changed = fields.filter((field) => !deepEqual(recordAt(next, field), recordAt(old, field)));
  return [
    ...(next["immutable"] === true ? [] : [forbiddenField("immutable", IMMUTABLE_TEXT)]),
    ...changed.map((field) => forbiddenField(field, IMMUTABLE_TEXT)),
  ];
}

function keyFaults(field: string, data: Readonly<Record<string, string>>): StatusCause[] {
  return Object.keys(data).flatMap((key) =>
    configKeyFaults(key).map((fault) => invalidField(`${field}[${key}]`, key, fault)),
  );
}

/** What is wrong with a key of a config map or secret, as sentences. */
export function configKeyFaults(key: string): readonly string[] {
  return [
    ...(key.length > KEY_LENGTH_MAX ? [`must be no more than ${KEY_LENGTH_MAX} characters`] : []),
    ...(KEY.test(key) ? [] : [KEY_TEXT]),
    ...dotFaults(key),
  ];
}

function dotFaults(key: string): readonly string[] {
  if (key === "." || key === "..") return [`must not be '${key}'`];
  return key.startsWith("..") ? ["must not start with '..'"] : [];
}

function sizeFaults(field: string, values: readonly string[]): readonly StatusCause[] {
  const bytes = values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  return bytes > DATA_BYTES_MAX ? [tooLongField(field, DATA_BYTES_MAX)] : [];
}
