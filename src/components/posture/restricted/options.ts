// Nothing to choose: a component that needs more says so for its namespace, with a reason.

import { object } from "../../../model/index.ts";

export type RestrictedOptions = Record<never, never>;

export const restrictedSchema = object<RestrictedOptions>({});
