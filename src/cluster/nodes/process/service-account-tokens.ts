// Tokens of service accounts for the volumes of pods, asked of the API and renewed before they end. Mirrors
// pkg/kubelet/token/token_manager.go: after 80 % of their life, or a day.

import type { Clock, InstantMs } from "../../../core/index.ts";
import { isRecord } from "../../../core/index.ts";
import type { KubeApi, Pod, VolumeProjection } from "../../../kubernetes/index.ts";
import { projectionsOf } from "./volume-payload.ts";

export type TokenSource = NonNullable<VolumeProjection["serviceAccountToken"]>;

export interface PodTokens {
  /** Asks for what is missing or grows old; resolves with when to come again. */
  refresh(pod: Pod): Promise<InstantMs | undefined>;
  get(source: TokenSource): string;
}

const HOUR_S = 3_600;
const DAY_MS = 86_400_000;
const RENEW_AFTER = 0.8;

export function createPodTokens(api: KubeApi, clock: Clock): PodTokens {
  const held = new Map<string, { readonly token: string; readonly renewAt: InstantMs }>();
  return {
    async refresh(pod) {
      const sources = (pod.spec.volumes ?? []).flatMap((volume) =>
        (projectionsOf(volume) ?? []).flatMap((source) => source.serviceAccountToken ?? []),
      );
      for (const source of sources) {
        const known = held.get(keyOf(source));
        if (known !== undefined && known.renewAt > clock.now()) continue;
        const lifeMs = (source.expirationSeconds ?? HOUR_S) * 1000;
        const renewAt = clock.now() + Math.min(lifeMs * RENEW_AFTER, DAY_MS);
        held.set(keyOf(source), { token: await requestToken(api, pod, source), renewAt });
      }
      const times = [...held.values()].map(({ renewAt }) => renewAt);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    get: (source) => held.get(keyOf(source))?.token ?? "",
  };
}

function keyOf({ audience = "", expirationSeconds = HOUR_S }: TokenSource): string {
  return `${expirationSeconds}/${audience}`;
}

async function requestToken(
  api: KubeApi,
  { metadata, spec }: Pod,
  { audience, expirationSeconds = HOUR_S }: TokenSource,
): Promise<string> {
  const { name, namespace = "", uid } = metadata;
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    metadata: { name: spec.serviceAccountName ?? "default", namespace },
    spec: {
      ...(audience === undefined ? {} : { audiences: [audience] }),
      expirationSeconds,
      boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
    },
  };
  const { status } = await api.create(request, { subresource: "token" });
  return isRecord(status) ? String(status["token"]) : "";
}
