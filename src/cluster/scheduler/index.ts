export { schedulerController } from "./scheduler.ts";
export type { SchedulerOptions } from "./scheduler.ts";
