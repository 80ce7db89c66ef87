// From a container to the process that stands in for it: its local form, with variables, mounts and names as they are on this
// machine. The container's own variables win over those of its local form, these over the usual; the network adds its own.

import type { Container, Pod } from "../../../kubernetes/index.ts";
import { containerEnvironment } from "./container-environment.ts";
import type { EnvironmentInputs } from "./container-environment.ts";
import type { Launch } from "./container-process.ts";
import { LaunchBlocked } from "./container-runner.ts";
import { expandVariables } from "./expand-variables.ts";
import type { ProcessAgentOptions } from "./local-process.ts";
import { mountRewriter, ROOT_VARIABLE } from "./mount-paths.ts";
import { RUN_VARIABLE } from "./running-processes.ts";

/** What a container finds when nobody says more (the default of container runtimes). */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export interface LaunchInputs extends Omit<EnvironmentInputs, "localise" | "container" | "known"> {
  readonly container: Container;
  readonly root: string;
  /** Names the run in the environment of everything that belongs to it. */
  readonly run: string;
}

export function containerLaunch(
  { find, network, environment: usual = {} }: ProcessAgentOptions,
  inputs: LaunchInputs,
): Launch {
  const { pod, container, root } = inputs;
  const local = find(pod, container);
  if (local === undefined) throw noLocalForm(container);
  const rewrite = mountRewriter(container, root);
  const localise = (value: string): string => network.localise(rewrite(value), pod);
  const own = containerEnvironment({ ...inputs, localise, known: { [ROOT_VARIABLE]: root } });
  const environment: Record<string, string> = {
    PATH: DEFAULT_PATH,
    ...usual,
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
    ...local.environment,
    ...own,
    [ROOT_VARIABLE]: root,
    [RUN_VARIABLE]: inputs.run,
  };
  Object.assign(environment, network.environment(pod, environment));
  const valueOf = (name: string): string | undefined => environment[name];
  return {
    // A local form speaks of paths of this machine; what it means below a mount it says with KEELSON_ROOT.
    command: local.command.map((part) => network.localise(expandVariables(part, valueOf), pod)),
    directory: local.directory,
    environment,
    user: local.user,
  };
}

/** A command in the place of a running container: `kubectl exec`, probes, hooks. */
export function commandIn(
  launch: Launch,
  pod: Pod,
  container: Container,
  command: readonly string[],
  { network }: Pick<ProcessAgentOptions, "network">,
): Launch {
  const rewrite = mountRewriter(container, launch.environment[ROOT_VARIABLE] ?? "");
  return { ...launch, command: command.map((part) => network.localise(rewrite(part), pod)) };
}

function noLocalForm({ name, image = "" }: Container): LaunchBlocked {
  const message = `container ${name} of image ${JSON.stringify(image)} has no local form, and there is no container engine here`;
  return new LaunchBlocked("ErrImagePull", message);
}
