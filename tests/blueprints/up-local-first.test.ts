// Every environment of local-first comes up.

import { describeComingUp } from "./coming-up.ts";

describeComingUp("local-first");
