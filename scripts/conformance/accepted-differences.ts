// Differences that are right as they are: the surface knows more than the rendered chart. Each is counted as skipped.

interface Accepted {
  /** Found in the difference's line. */
  readonly pattern: RegExp;
  readonly reason: string;
}

const ACCEPTED: readonly Accepted[] = [
  {
    pattern: /^istio-gateway: .* (port http2:80|port https:443|port http-metrics:15020)/,
    reason: "the proxy is injected: it listens where the Gateway says, and on its own ports",
  },
  {
    pattern: /^istio-gateway: .* (port http-envoy-prom|istio-proxy image)/,
    reason: "the proxy is injected: istiod replaces the container called auto",
  },
  {
    pattern: /^istio-gateway: .* calls the API/,
    reason:
      "the role lets istiod prove that the gateway may read its Secrets; the proxy asks istiod",
  },
  {
    pattern: /^nginx-gateway-fabric: .* cert-generator (requests|limits)/,
    reason: "the chart states none, so the namespace's limit range fills them in",
  },
  {
    pattern: /^flux: Job flux-system\/flux-flux-check pre-install is missing/,
    reason: "it runs once, before anything of the platform is there that could be in its way",
  },
  {
    pattern: /^falco: .*\/falco-falcosidekick calls the API/,
    reason: "its role serves outputs that are off: functions and policy reports",
  },
];

export function acceptedBecause(difference: string): string | undefined {
  return ACCEPTED.find(({ pattern }) => pattern.test(difference))?.reason;
}
