// Every environment of home-lab comes up.

import { describeComingUp } from "./coming-up.ts";

describeComingUp("home-lab");
