// Every environment of hybrid comes up.

import { describeComingUp } from "./coming-up.ts";

describeComingUp("hybrid");
