// Which controls hold on which cluster: evidence that was counted in plan and graph, overruled by what the checks find.

import { controlsOf } from "../components/index.ts";
import { askedControls } from "./checks/controls.ts";
import { CHECKS } from "./checks/index.ts";
import { layersOf, type Layer } from "./layers.ts";
import { runCheck, viewTarget, type TargetView } from "./target-view.ts";
import type { VerifyInput } from "./verify.ts";

export interface ControlResult {
  readonly target: string;
  readonly control: string;
  readonly references: string;
  /** `failing`: a check found something. `open`: asked for, and nothing shows it. `absent`: nothing shows it, and nobody asks. */
  readonly state: "met" | "failing" | "open" | "absent";
  /** What shows it, or the findings. */
  readonly evidence: string;
  readonly proof: string;
}

export function compliance(input: VerifyInput): ControlResult[] {
  return input.compiled.targets.flatMap((target) => resultsOf(viewTarget(target, input)));
}

function resultsOf(view: TargetView): ControlResult[] {
  const { cluster, graph } = view;
  const found = new Set(
    CHECKS.flatMap((check) => runCheck(check, view).map(({ code }) => code as string)),
  );
  const layers = layersOf(view);
  const asked = askedControls(view).map(({ name }) => name);
  const known = controlsOf(cluster, graph);
  const target = cluster.target;
  const controls = known.map(({ name, references, evidence, proof, codes }): ControlResult => {
    const broken = layers.filter((layer) => layer.name === LAYERS[name] && layer.gaps.length > 0);
    const failed = [
      ...codes.filter((code) => found.has(code)),
      ...broken.map((layer) => `${layer.name} leaves out ${layer.gaps.join(", ")}`),
    ];
    const shared = { target, control: name, references, proof };
    if (failed.length > 0) return { ...shared, state: "failing", evidence: failed.join(", ") };
    if (evidence !== undefined) return { ...shared, state: "met", evidence };
    const state = asked.includes(name) ? "open" : "absent";
    return { ...shared, state, evidence: "" };
  });
  const unknown = asked
    .filter((name) => !known.some((control) => control.name === name))
    .map((control): ControlResult => {
      const evidence = "nothing is known of it here";
      return { target, control, references: "", state: "open", evidence, proof: "" };
    });
  return [...controls, defence(view, layers), ...unknown];
}

/** Without its layer a control does not hold, whatever was planned. */
const LAYERS: Readonly<Record<string, string>> = {
  "network-segregation": "network security",
  "least-privilege": "identity and access",
  "secrets-management": "secrets management",
  "secure-configuration": "container security",
};

/** The five layers together, as they were emitted. */
function defence(view: TargetView, layers: readonly Layer[]): ControlResult {
  const broken = layers.filter(({ gaps }) => gaps.length > 0);
  const shown = broken.length === 0 ? layers : broken;
  return {
    target: view.cluster.target,
    control: "defence-in-depth",
    references: "A.8.20, A.8.27; CC6.1, CC6.6",
    state: broken.length === 0 ? "met" : "failing",
    evidence: shown
      .map(({ name, evidence, gaps }) =>
        gaps.length === 0 ? `${name}: ${evidence}` : `${name} leaves out ${gaps.join(", ")}`,
      )
      .join("; "),
    proof: "`keelson check` (verify/missing-layer)",
  };
}
