// Nothing to choose: what an app needs stands with the app.

import { object } from "../../../model/index.ts";

export type KubernetesWorkloadOptions = Record<never, never>;

export const kubernetesWorkloadSchema = object<KubernetesWorkloadOptions>({});
