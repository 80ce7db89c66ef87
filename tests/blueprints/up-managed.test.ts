// Every environment of managed comes up.

import { describeComingUp } from "./coming-up.ts";

describeComingUp("managed");
