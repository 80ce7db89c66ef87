// Which endpoints a proxy leaves out because they failed too often in a row, and when it asks them again. Mirrors Envoy's outlier
// detection for consecutive errors (ejections grow by the base time, readmission at a sweep; never more than the share, which since
// envoyproxy/envoy#27909 holds for the first one too: Istio leaves always_eject_one_host alone) and linkerd2-proxy's failure accrual
// (penalties double, one request after that decides: app/outbound/src/http/breaker/consecutive_failures.rs).

import type { Clock, InstantMs } from "../../core/index.ts";
import type { OutlierRule } from "../../model/index.ts";

export interface EndpointHealth {
  /** Those that may be asked now. */
  usable<T extends { readonly id: string }>(
    endpoints: readonly T[],
    rule: OutlierRule | undefined,
  ): readonly T[];
  record(
    id: string,
    outcome: "success" | "failure",
    about: { readonly rule: OutlierRule | undefined; readonly endpoints: readonly string[] },
  ): void;
}

interface Standing {
  failures: number;
  /** Times it was left out. */
  ejections: number;
  /** Undefined: it is asked. */
  until: InstantMs | undefined;
  onProbation: boolean;
}

export function createEndpointHealth(clock: Clock): EndpointHealth {
  const began = clock.now();
  const standings = new Map<string, Standing>();
  const standing = (id: string): Standing => {
    const known = standings.get(id) ?? freshStanding();
    standings.set(id, known);
    return known;
  };
  const isOut = (id: string, rule: OutlierRule): boolean => {
    const known = standings.get(id);
    if (known?.until === undefined) return false;
    if (clock.now() < readmission(known.until, began, rule)) return true;
    Object.assign(known, { until: undefined, failures: 0, onProbation: rule.probation });
    return false;
  };
  return {
    usable: (endpoints, rule) =>
      rule === undefined ? endpoints : endpoints.filter(({ id }) => !isOut(id, rule)),
    record(id, outcome, { rule, endpoints }) {
      if (rule === undefined) return;
      const known = standing(id);
      if (outcome === "success") {
        const isOver = known.onProbation || known.failures > 0;
        Object.assign(known, { failures: 0, onProbation: false });
        // Whoever doubles starts anew once an endpoint is well.
        if (isOver && rule.growth === "doubling") known.ejections = 0;
        return;
      }
      known.failures += 1;
      if (known.until !== undefined) return;
      if (known.failures < rule.failures && !known.onProbation) return;
      const out = endpoints.filter((one) => isOut(one, rule)).length;
      if (((out + 1) / endpoints.length) * 100 > rule.ejectedPercentMax) return;
      known.ejections += 1;
      known.until = clock.now() + ejectionMs(known.ejections, rule);
    },
  };
}

const freshStanding = (): Standing => ({
  failures: 0,
  ejections: 0,
  until: undefined,
  onProbation: false,
});

function ejectionMs(times: number, { ejectMs, ejectMsMax, growth }: OutlierRule): number {
  const grown = growth === "linear" ? ejectMs * times : ejectMs * 2 ** (times - 1);
  return Math.min(grown, Math.max(ejectMs, ejectMsMax));
}

/** At the first sweep after its time is over. */
function readmission(until: InstantMs, began: InstantMs, { sweepMs }: OutlierRule): InstantMs {
  if (sweepMs === undefined || sweepMs <= 0) return until;
  return began + Math.ceil((until - began) / sweepMs) * sweepMs;
}
