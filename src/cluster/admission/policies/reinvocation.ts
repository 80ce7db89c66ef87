// Which mutating policies and webhooks run a second time for one request: those that ask for it, ran in the first round, and whose output
// somebody changed afterwards. Mirrors apiserver pkg/admission/plugin/webhook/mutating/reinvocationcontext.go.

import type { AdmissionRequest, KubernetesObject } from "../../../kubernetes/index.ts";

export interface Reinvocation {
  /** Whether it runs in this round. */
  mayRun(key: string): boolean;
  ran(key: string, outcome: { readonly changed: boolean; readonly again: boolean }): void;
  end(object: KubernetesObject | undefined): void;
}

interface Rounds {
  readonly waiting: Set<string>;
  readonly due: Set<string>;
  output: KubernetesObject | undefined;
}

/** Both rounds of a request share its options, which every request has of its own. */
export function createReinvocations(): (request: AdmissionRequest) => Reinvocation {
  const known = new WeakMap<object, Rounds>();
  return (request) => {
    const rounds = known.get(request.options) ?? begin();
    known.set(request.options, rounds);
    const { isReinvocation } = request;
    if (isReinvocation && rounds.output !== request.object) makeDue(rounds);
    return {
      mayRun: (key) => !isReinvocation || rounds.due.has(key),
      ran(key, { changed, again }) {
        if (changed) {
          makeDue(rounds);
          request.reinvoke();
        }
        if (again) rounds.waiting.add(key);
      },
      end(object) {
        rounds.output = object;
      },
    };
  };
}

function begin(): Rounds {
  return { waiting: new Set(), due: new Set(), output: undefined };
}

function makeDue({ waiting, due }: Rounds): void {
  for (const key of waiting) due.add(key);
  waiting.clear();
}
