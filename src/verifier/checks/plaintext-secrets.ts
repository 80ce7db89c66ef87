// Nothing secret may stand in the tree in the clear: it goes to git, and git forgets nothing. Looks at Secret objects with
// content, settings whose name speaks of a secret, addresses with a password in them, and text as random as a key.

import type { Diagnostic, Path } from "../../core/index.ts";
import { defineDiagnostic, formatPath, isRecord } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { CompiledObject } from "../../model/index.ts";
import { NO_CREDENTIAL_ANNOTATION } from "../../model/index.ts";
import { podTemplatesOf, recordOf } from "../pod-template.ts";
import type { Check } from "../target-view.ts";

export const plaintextSecret = defineDiagnostic<{ object: string; field: string; why: string }>({
  code: "verify/plaintext-secret",
  severity: "error",
  message: ({ object, field, why }) => `${object}: ${field} ${why}`,
  hint: () => "declare it under secrets, so that only its sealed form is written",
});

export const checkPlaintextSecrets: Check = function* ({ objects, charts }) {
  for (const compiled of objects) yield* checkObject(compiled);
  for (const { name, values, origin } of charts) {
    yield* checkTexts(values, `chart ${name}`, origin.path);
  }
};

function* checkObject(compiled: CompiledObject): Iterable<Diagnostic> {
  const { object, origin } = compiled;
  const shown = displayRef(refOf(object));
  if (object.kind === "Secret" && !holdsNone(object)) {
    for (const key of Object.keys(contentOf(object))) {
      yield plaintextSecret(origin.path, { object: shown, field: key, why: "stands in the clear" });
    }
    return;
  }
  yield* checkSettings(compiled, shown);
  // What is sealed is meant to look random; entries of a ConfigMap have been looked at.
  if (object.kind === "SealedSecret" || object.kind === "ConfigMap") return;
  yield* checkTexts(withoutSettings(object), shown, origin.path);
}

function contentOf(object: KubernetesObject): Readonly<Record<string, unknown>> {
  return { ...recordOf(object["data"]), ...recordOf(object["stringData"]) };
}

/**
 * Engines read clusters and repositories from Secrets even where these hold no credential. One that claims so and does hold one
 * is a Secret like any other; `data` is encoded and not looked into.
 */
function holdsNone(object: KubernetesObject): boolean {
  const claims = object.metadata.annotations?.[NO_CREDENTIAL_ANNOTATION] === "true";
  if (!claims || object["data"] !== undefined) return false;
  return !CREDENTIAL.test(JSON.stringify(object["stringData"]));
}

const CREDENTIAL = /password|token|username|keyData|privateKey|execProviderConfig|awsAuthConfig/i;

const SECRET_NAME =
  /(^|_|-|\b)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

/** Names that only say where a secret lies. */
const NOT_A_VALUE = /(_|-)(NAME|FILE|PATH|URL|DIR)$/i;

function* checkSettings(compiled: CompiledObject, shown: string): Iterable<Diagnostic> {
  for (const [name, value] of settingsOf(compiled)) {
    if (typeof value !== "string" || value === "" || value.includes("$(")) continue;
    const named = SECRET_NAME.test(name) && !NOT_A_VALUE.test(name);
    const why = named ? "holds a secret in the clear" : suspicion(value);
    if (why === undefined) continue;
    yield plaintextSecret(settingPath(compiled, name), { object: shown, field: name, why });
  }
}

/** Variables of containers and entries of ConfigMaps. */
function settingsOf(compiled: CompiledObject): (readonly [name: string, value: unknown])[] {
  const variables = podTemplatesOf(compiled).flatMap(({ containers }) =>
    containers.flatMap(({ env }) => env.map(({ name, value }) => [String(name), value] as const)),
  );
  const { kind, data } = compiled.object;
  return kind === "ConfigMap" ? [...variables, ...Object.entries(recordOf(data))] : variables;
}

/** Variables of an app are written below its `env`. */
function settingPath({ origin, object }: CompiledObject, name: string): Path {
  const isApp = origin.path[0] === "apps" && origin.path.length === 2;
  return isApp && object.kind !== "ConfigMap" ? [...origin.path, "env", name] : origin.path;
}

function* checkTexts(root: unknown, shown: string, path: Path): Iterable<Diagnostic> {
  for (const { text, at } of textsIn(root)) {
    const why = suspicion(text);
    if (why !== undefined)
      yield plaintextSecret(path, { object: shown, field: formatPath(at), why });
  }
}

/** Why a text looks secret by itself. */
function suspicion(text: string): string | undefined {
  if (hasPassword(text)) return "holds an address with a password";
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return "holds a private key";
  return words(text).some(looksRandom) ? "holds text as random as a key" : undefined;
}

/** Content without names, and without the literals of variables, which are looked at by name. */
function withoutSettings(object: KubernetesObject): unknown {
  const { metadata: _metadata, ...fields } = object;
  return withoutVariables(fields);
}

function withoutVariables(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutVariables);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(
    ([key, member]) => key !== "env" || !Array.isArray(member),
  );
  return Object.fromEntries(entries.map(([key, member]) => [key, withoutVariables(member)]));
}

function* textsIn(
  value: unknown,
  at: Path = [],
): Iterable<{ readonly text: string; readonly at: Path }> {
  if (typeof value === "string") yield { text: value, at };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsIn(item, [...at, index]);
  } else if (isRecord(value)) {
    for (const [key, member] of Object.entries(value)) yield* textsIn(member, [...at, key]);
  }
}

/** `scheme://user:password@host`; a password made of references is none. */
export function hasPassword(text: string): boolean {
  const match = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(text);
  return match !== null && !/^\$[({].*[)}]$/.test(match[1] ?? "");
}

function words(text: string): string[] {
  return text.split(/[\s"'`,;=:()[\]{}<>@|]+/);
}

const RANDOM_LENGTH_MIN = 24;
/** Bits per character: English words and identifiers stay below 4, base64 of random bytes approaches 6. */
const RANDOM_ENTROPY_MIN = 4.3;

/** Long, without the shape of a name, path or digest, with letters and digits mixed as in a key. */
export function looksRandom(word: string): boolean {
  if (
    word.length < RANDOM_LENGTH_MIN ||
    /^[0-9a-f]+$/.test(word) ||
    !/^[A-Za-z0-9+/_=-]+$/.test(word)
  ) {
    return isHexKey(word);
  }
  if (word.includes("/") && word.split("/").every((part) => part.length < RANDOM_LENGTH_MIN))
    return false;
  const mixed = /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
  return mixed && entropyOf(word) >= RANDOM_ENTROPY_MIN;
}

/** Hexadecimal of the usual key sizes; digests are written `sha256:…` and do not reach here in one word. */
function isHexKey(word: string): boolean {
  return /^(?:[0-9a-f]{32}|[0-9a-f]{48})$/.test(word) && entropyOf(word) > 3;
}

export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}
