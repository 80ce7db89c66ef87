// Reads untyped fields and collects what is wrong with them.

import { isRecord, type Diagnostic, type Path } from "../core/index.ts";
import { unsupportedField, wrongField } from "./diagnostics.ts";

export type Fields = Record<string, unknown>;

export interface FieldReader {
  readonly diagnostics: Diagnostic[];
  wrong(path: Path, wanted: string): void;
  unsupported(path: Path, field: string): void;
  /** Absent reads as empty; fields that are not known are reported. */
  record(value: unknown, path: Path, known: readonly string[]): Fields;
  list<T>(value: unknown, path: Path, read: (item: unknown, path: Path) => T): T[];
  text(value: unknown, path: Path): string;
  /** The texts that are there. */
  texts<K extends string>(
    fields: Fields,
    keys: readonly K[],
    path: Path,
  ): Partial<Record<K, string>>;
  /** A record of texts with any keys. */
  pairs(value: unknown, path: Path): Record<string, string>;
}

export function createFieldReader(file: string): FieldReader {
  const diagnostics: Diagnostic[] = [];
  const reader: FieldReader = {
    diagnostics,
    wrong: (path, wanted) => void diagnostics.push(wrongField([file, ...path], { wanted })),
    unsupported: (path, field) =>
      void diagnostics.push(unsupportedField([file, ...path], { field })),
    record(value, path, known) {
      if (value === undefined || value === null) return {};
      if (!isRecord(value)) {
        reader.wrong(path, "a record");
        return {};
      }
      const strange = Object.keys(value).filter((key) => !known.includes(key));
      for (const field of strange) reader.unsupported([...path, field], field);
      return value;
    },
    list(value, path, read) {
      if (value === undefined || value === null) return [];
      if (Array.isArray(value)) return value.map((item, index) => read(item, [...path, index]));
      reader.wrong(path, "a list");
      return [];
    },
    text(value, path) {
      if (typeof value === "string" && value !== "") return value;
      reader.wrong(path, "a text that is not empty");
      return "";
    },
    texts<K extends string>(fields: Fields, keys: readonly K[], path: Path) {
      const present = keys.filter((key) => fields[key] !== undefined);
      const entries = present.map(
        (key) => [key, reader.text(fields[key], [...path, key])] as const,
      );
      return Object.fromEntries(entries) as Partial<Record<K, string>>; // fromEntries forgets the keys.
    },
    pairs(value, path) {
      const fields = reader.record(value, path, isRecord(value) ? Object.keys(value) : []);
      const entries = Object.entries(fields).map(([key, one]) => {
        if (typeof one !== "string") reader.wrong([...path, key], "a text");
        return [key, typeof one === "string" ? one : ""] as const;
      });
      return Object.fromEntries(entries);
    },
  };
  return reader;
}
