// Nothing to choose: the policies are what the graph says.

import { object } from "../../../model/index.ts";

export type NetworkPoliciesOptions = Record<never, never>;

export const networkPoliciesSchema = object<NetworkPoliciesOptions>({});
