// Nothing to choose: people and their levels stand in `roles`.

import { object } from "../../../model/index.ts";

export type RolesOptions = Record<never, never>;

export const rolesSchema = object<RolesOptions>({});
