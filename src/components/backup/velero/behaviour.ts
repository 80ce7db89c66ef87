// How Velero acts inside an embedded cluster: locations are found available, schedules make backups on their clock, backups
// complete and expire. Nothing is copied: every backup it makes is labelled simulated. Mirrors velero-io/velero
// pkg/controller/{backup_storage_location,schedule,backup,gc}_controller.go, v1.18.

import type { Behaviour } from "../../../model/index.ts";
import { backupController } from "./behaviour/backup-controller.ts";
import { locationController } from "./behaviour/location-controller.ts";
import { scheduleController } from "./behaviour/schedule-controller.ts";

export const behaviour: Behaviour = {
  source: "velero-io/velero pkg/controller, v1.18",
  workload: "velero",
  controllers: () => [locationController, scheduleController, backupController],
};
