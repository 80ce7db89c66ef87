// A compact table → the text of a committed `*.facts.ts` module, one node or kind per line so that changes read well.

import type { CompactTable } from "../../src/kubernetes/schemas/compact.ts";
import type { MessageTable } from "./message-table.ts";
import type { PolicyTable } from "./rbac-policy.ts";

export interface FactsModule {
  /** Exported constant, `argocdCrdFacts`. */
  readonly name: string;
  readonly source: string;
  readonly date: string;
  /** Where the `FactText` type is imported from, seen from the module. */
  readonly typesFrom: string;
  readonly table: CompactTable;
}

export function factsModuleText({ name, source, date, typesFrom, table }: FactsModule): string {
  return `// Facts transcribed from ${source} (${date}) by \`npm run facts\`. Generated: change the script, not this file.

import type { FactText } from "${typesFrom}";

export const ${name}: FactText = {
  source: ${JSON.stringify(source)},
  date: ${JSON.stringify(date)},
  text: String.raw\`${escaped(tableText(table))}\`,
};
`;
}

export interface MessageModule extends Pick<FactsModule, "name" | "source" | "date"> {
  readonly table: MessageTable;
}

export function messageModuleText({ name, source, date, table }: MessageModule): string {
  return `// Facts transcribed from ${source} (${date}) by \`npm run facts\`. Generated: change the script, not this file.

export const ${name} = String.raw\`${escaped(tableText(table))}\`;
`;
}

export interface PolicyModule extends Pick<FactsModule, "source" | "date"> {
  readonly table: PolicyTable;
}

/** Plain lines: they hold no character that a raw template literal does not take. */
export function policyModuleText({ source, date, table }: PolicyModule): string {
  return `// Facts transcribed from ${source} (${date}) by \`npm run facts\`. Generated: change the script, not this file.

export const BOOTSTRAP_ROLES = String.raw\`
${table.roles.join("\n")}
\`;

export const BOOTSTRAP_BINDINGS = String.raw\`
${table.bindings.join("\n")}
\`;
`;
}

function tableText(table: CompactTable | MessageTable): string {
  const sections = Object.entries(table).map(([section, rows]) => {
    const lines = (rows as readonly unknown[]).map((row) => JSON.stringify(row));
    return `${JSON.stringify(section)}:[\n${lines.join(",\n")}\n]`;
  });
  return `{${sections.join(",\n")}}`;
}

/** A raw template literal takes every character but these two; JSON has escapes for both. */
function escaped(json: string): string {
  return json.replaceAll("`", String.raw`\u0060`).replaceAll("${", String.raw`\u0024{`);
}
