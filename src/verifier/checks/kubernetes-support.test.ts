// Versions of Kubernetes against the calendar of their fixes (T-34).

import { describeChecks } from "../testing/check-rows.ts";
import { SUBSTRATE } from "../testing/platform.ts";
import { checkKubernetesSupport } from "./kubernetes-support.ts";

describeChecks([
  {
    name: "1.28, which the document asks for at least",
    check: checkKubernetesSupport,
    broken: { cluster: { substrate: { ...SUBSTRATE, kubernetes: "1.28.3" } } },
    codes: ["verify/kubernetes-past-support"],
    repaired: { cluster: { substrate: { ...SUBSTRATE, kubernetes: "1.35" } } },
  },
  {
    name: "1.9, which is not newer than 1.35",
    check: checkKubernetesSupport,
    broken: { cluster: { substrate: { ...SUBSTRATE, kubernetes: "1.9" } } },
    codes: ["verify/kubernetes-past-support"],
    repaired: { cluster: { substrate: { ...SUBSTRATE, kubernetes: "1.99" } } },
  },
]);
