// Every kubectl on the machine through every transcript; `make test` lets all but the newest do the core only.

import { findKubectls } from "../../tests/conformance/clients/kubectl-binaries.ts";
import { projectTool, runCommand } from "../run-command.ts";
import type { ClusterSuite } from "./cluster-suite.ts";

export const kubectlWalk: ClusterSuite = {
  name: "kubectl walk",
  async run() {
    if ((await findKubectls()).length === 0) return "no kubectl on the PATH or beside it";
    const args = ["run", "tests/conformance/clients/kubectl.test.ts"];
    const env = { KEELSON_KUBECTL_WALK: "full", NO_COLOR: "1" };
    const { code, output } = await runCommand(projectTool("vitest"), args, { env });
    const asked = Number(/Tests .*?(\d+)\)$/m.exec(output)?.[1] ?? 1);
    return { asked, complaints: code === 0 ? [] : [output] };
  },
};
