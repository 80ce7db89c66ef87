// Every checker, in the order they are asked.

import type { Checker } from "./checker.ts";
import { informersEqualStore } from "./informers-equal-store.ts";
import { liveOwners } from "./live-owners.ts";
import { managedFieldsExist } from "./managed-fields-exist.ts";
import { quotaRecount } from "./quota-recount.ts";
import { replicaCounts } from "./replica-counts.ts";
import { revisionsIncrease } from "./revisions-increase.ts";
import { serviceAddresses } from "./service-addresses.ts";
import { watchEqualsList } from "./watch-equals-list.ts";

export const CHECKERS: readonly Checker[] = [
  revisionsIncrease,
  watchEqualsList,
  serviceAddresses,
  managedFieldsExist,
  informersEqualStore,
  liveOwners,
  replicaCounts,
  quotaRecount,
];
