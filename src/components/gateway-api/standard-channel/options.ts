// Nothing to choose: the catalogue pins the release.

import { object } from "../../../model/index.ts";

export type StandardChannelOptions = Record<never, never>;

export const standardChannelSchema = object<StandardChannelOptions>({});
