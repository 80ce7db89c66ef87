// Every environment of greenfield comes up.

import { describeComingUp } from "./coming-up.ts";

describeComingUp("greenfield");
