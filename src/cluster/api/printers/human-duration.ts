// Ages in tables, at most three characters of precision. Mirrors k8s.io/apimachinery pkg/util/duration (HumanDuration).

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../core/index.ts";
import type { DurationMs } from "../../../core/index.ts";

const YEAR_DAYS = 365;

/** `95s`, `4m10s`, `7h5m`, `3d4h`, `120d`, `2y30d`; `<invalid>` when more than a second in the future. */
export function humanDuration(duration: DurationMs): string {
  const seconds = Math.trunc(duration / SECOND_MS);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(duration / MINUTE_MS);
  if (minutes < 10) return twoUnits(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(duration / HOUR_MS);
  if (hours < 8) return twoUnits(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(duration / DAY_MS);
  if (days < 8) return twoUnits(days, "d", hours % 24, "h");
  if (days < 2 * YEAR_DAYS) return `${days}d`;
  const years = Math.trunc(days / YEAR_DAYS);
  return years < 8 ? twoUnits(years, "y", days % YEAR_DAYS, "d") : `${years}y`;
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
