// Fills Secrets of type kubernetes.io/service-account-token, and removes them with their account.
// Mirrors pkg/controller/serviceaccount/tokens_controller.go.

import { informerOf, isNotFound, refOf, unlessOvertaken } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  ControllerFactory,
  KubernetesObject,
} from "../../kubernetes/index.ts";
import { SECRET, SERVICE_ACCOUNT } from "./namespace-kinds.ts";
import type { Secret } from "./namespace-kinds.ts";
import { objectKey, splitKey } from "./object-key.ts";

const TYPE = "kubernetes.io/service-account-token";
const NAME = "kubernetes.io/service-account.name";
const UID = "kubernetes.io/service-account.uid";

export interface TokenSecretsOptions {
  /** PEM; empty: the Secrets carry no authority. */
  readonly rootCa: string;
  readonly issue: (account: KubernetesObject, secret: KubernetesObject) => string;
}

export function tokenSecrets(options: TokenSecretsOptions): ControllerFactory {
  return (context) => {
    const secrets = informerOf(context, SECRET);
    const accounts = informerOf(context, SERVICE_ACCOUNT);
    return {
      name: "serviceaccount-token-controller",
      setup(enqueue) {
        secrets.onChange((current) => {
          if (current !== undefined && accountOf(current) !== "") enqueue(objectKey(current));
        });
        accounts.onChange((current, old) => {
          const { name, namespace = "" } = (current ?? old)?.metadata ?? { name: "" };
          for (const secret of secrets.list(namespace)) {
            if (accountOf(secret) === name) enqueue(objectKey(secret));
          }
        });
      },
      async reconcile(key) {
        const { namespace, name } = splitKey(key);
        const secret = secrets.get(name, namespace);
        if (secret === undefined || accountOf(secret) === "") return;
        await settle(context, secret, options);
      },
    } satisfies Controller;
  };
}

/** Empty for other Secrets. */
function accountOf({ type, metadata }: Secret): string {
  return type === TYPE ? (metadata.annotations?.[NAME] ?? "") : "";
}

async function settle(
  { api }: ControllerContext,
  secret: Secret,
  options: TokenSecretsOptions,
): Promise<void> {
  const { namespace, uid, annotations } = secret.metadata;
  const account = await find(api, accountOf(secret), namespace);
  const isOurs =
    account !== undefined && [undefined, account.metadata.uid].includes(annotations?.[UID]);
  if (!isOurs) {
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    await unlessOvertaken(api.delete(refOf(secret), preconditions));
    return;
  }
  const filled = fill(secret, account, options);
  if (filled !== secret) await unlessOvertaken(api.update(filled));
}

async function find(
  api: ControllerContext["api"],
  name: string,
  namespace: string | undefined,
): Promise<KubernetesObject | undefined> {
  try {
    return await api.get({ ...SERVICE_ACCOUNT, name, namespace });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The same Secret when nothing is missing. */
function fill(secret: Secret, account: KubernetesObject, options: TokenSecretsOptions): Secret {
  const { data = {}, metadata } = secret;
  const { rootCa, issue } = options;
  const ca = base64(rootCa);
  const needsCa = rootCa !== "" && data["ca.crt"] !== ca;
  const needsNamespace = (data["namespace"] ?? "") === "";
  const needsToken = (data["token"] ?? "") === "";
  if (!needsCa && !needsNamespace && !needsToken) return secret;
  const annotations = {
    ...metadata.annotations,
    [NAME]: account.metadata.name,
    [UID]: account.metadata.uid ?? "",
  };
  return {
    ...secret,
    metadata: { ...metadata, annotations },
    data: {
      ...data,
      ...(needsCa ? { "ca.crt": ca } : {}),
      ...(needsNamespace ? { namespace: base64(metadata.namespace ?? "") } : {}),
      ...(needsToken ? { token: base64(issue(account, secret)) } : {}),
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
