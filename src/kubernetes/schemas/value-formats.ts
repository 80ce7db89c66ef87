// Checks of single values by their format. An unknown format is no restriction, as on the API server.

const QUANTITY = /^[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
/** MicroTime insists on all six digits. */
const MICROSECONDS = /\.\d{6}(Z|[+-])/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DURATION = /^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const HOST_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const MAC = /^([0-9a-f]{2}([:-])([0-9a-f]{2}\2){4}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4})$/i;
const IPV4_PART = /^(0|[1-9]\d{0,2})$/;
const IPV6_PART = /^[0-9a-f]{1,4}$/i;

/** Format → check of a string. */
const STRING_FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  quantity: isQuantityText,
  "date-time": isDateTime,
  "micro-time": (text) => isDateTime(text) && MICROSECONDS.test(text),
  date: isDate,
  duration: (text) => DURATION.test(text),
  byte: (text) => BASE64.test(text.replaceAll(/[\r\n]/g, "")),
  uuid: (text) => UUID.test(text),
  ipv4: isIpv4,
  ipv6: isIpv6,
  cidr: isCidr,
  mac: (text) => MAC.test(text),
  hostname: isHostname,
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
  uri: isUri,
};

/** False only when the format is known and the text breaks it. */
export function matchesFormat(text: string, format: string): boolean {
  const check = Object.hasOwn(STRING_FORMATS, format) ? STRING_FORMATS[format] : undefined;
  return check === undefined || check(text);
}

/** A quantity as a string or a number: `500m`, `1Gi`, `1e3`, `2`. */
export function isQuantity(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "string" && isQuantityText(value);
}

/** Inclusive bounds of an integer format; JSON numbers past 2^53 are not exact and pass as int64. */
export function fitsInteger(value: number, format: string): boolean {
  if (format === "int32") return value >= -0x8000_0000 && value <= 0x7fff_ffff;
  if (format === "int64") return Math.abs(value) <= 2 ** 63;
  return true;
}

function isQuantityText(text: string): boolean {
  return QUANTITY.test(text);
}

function isDateTime(text: string): boolean {
  const match = DATE_TIME.exec(text);
  return match !== null && isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

function isDate(text: string): boolean {
  const match = DATE.exec(text);
  return match !== null && isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (lengths[month - 1] ?? 0);
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => IPV4_PART.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2 || !text.includes(":")) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1);
  const embedded = last !== undefined && last.includes(".");
  const hex = embedded ? groups.slice(0, -1) : groups;
  if (embedded && (!isIpv4(last) || text.endsWith("::"))) return false;
  const size = hex.length + (embedded ? 2 : 0);
  return (
    hex.every((group) => IPV6_PART.test(group)) && (halves.length === 2 ? size < 8 : size === 8)
  );
}

function isCidr(text: string): boolean {
  const slash = text.lastIndexOf("/");
  const address = text.slice(0, slash);
  const prefix = text.slice(slash + 1);
  if (slash < 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return false;
  if (isIpv4(address)) return Number(prefix) <= 32;
  return isIpv6(address) && Number(prefix) <= 128;
}

function isHostname(text: string): boolean {
  const labels = (text.endsWith(".") ? text.slice(0, -1) : text).split(".");
  return text.length <= 255 && labels.every((label) => HOST_LABEL.test(label));
}

/** An absolute URI or an absolute path, as Go's `url.ParseRequestURI` takes it. */
function isUri(text: string): boolean {
  return /^(\/|[a-z][a-z0-9+.-]*:)[^\s]*$/i.test(text);
}
