// The usages a certificate may be asked for, and what they are in X.509. Mirrors kubernetes
// pkg/controller/certificates/authority/policies.go (keyUsageDict, extKeyUsageDict) and certificates/v1 types.go.

/** Usage → bit of the KeyUsage extension (RFC 5280, 4.2.1.3). */
const KEY_USAGES: ReadonlyMap<string, number> = new Map([
  ["signing", 0],
  ["digital signature", 0],
  ["content commitment", 1],
  ["key encipherment", 2],
  ["data encipherment", 3],
  ["key agreement", 4],
  ["cert sign", 5],
  ["crl sign", 6],
  ["encipher only", 7],
  ["decipher only", 8],
]);

/** Usage → purpose of the ExtKeyUsage extension (4.2.1.12). */
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ["any", "2.5.29.37.0"],
  ["server auth", "1.3.6.1.5.5.7.3.1"],
  ["client auth", "1.3.6.1.5.5.7.3.2"],
  ["code signing", "1.3.6.1.5.5.7.3.3"],
  ["email protection", "1.3.6.1.5.5.7.3.4"],
  ["s/mime", "1.3.6.1.5.5.7.3.4"],
  ["ipsec end system", "1.3.6.1.5.5.7.3.5"],
  ["ipsec tunnel", "1.3.6.1.5.5.7.3.6"],
  ["ipsec user", "1.3.6.1.5.5.7.3.7"],
  ["timestamping", "1.3.6.1.5.5.7.3.8"],
  ["ocsp signing", "1.3.6.1.5.5.7.3.9"],
  ["microsoft sgc", "1.3.6.1.4.1.311.10.3.3"],
  ["netscape sgc", "2.16.840.1.113730.4.1"],
]);

export const CERTIFICATE_USAGES: readonly string[] = [
  ...KEY_USAGES.keys(),
  ...PURPOSES.keys(),
].toSorted();

export interface CertificateUsages {
  /** Bits of KeyUsage, ascending. */
  readonly bits: readonly number[];
  /** Object identifiers. */
  readonly purposes: readonly string[];
}

export function certificateUsages(usages: readonly string[]): CertificateUsages {
  const of = <T>(table: ReadonlyMap<string, T>): readonly T[] => [
    ...new Set(usages.flatMap((usage) => table.get(usage) ?? [])),
  ];
  return { bits: of(KEY_USAGES).toSorted((a, b) => a - b), purposes: of(PURPOSES) };
}
