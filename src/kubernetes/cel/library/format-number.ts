// Numbers as Go prints them.

/** strconv.FormatFloat(value, 'g', -1, 64): the shortest text that reads back the same. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 21) return String(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

export function formatFixed(value: number, precision: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value.toFixed(Math.min(precision, 100));
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `1.500000×10⁰⁰`: Go's printer of English text. */
export function formatScientific(value: number, precision: number): string {
  if (!Number.isFinite(value)) return formatFixed(value, precision);
  const [digits = "", exponent = "+0"] = value.toExponential(Math.min(precision, 100)).split("e");
  const size = exponent.replace(/^[+-]/, "").padStart(2, "0");
  const raised = Array.from(size, (digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `${digits}×10${exponent.startsWith("-") ? "⁻" : ""}${raised}`;
}
