// Every relative link in a Markdown file leads somewhere.

import { posix } from "node:path";

import { isMarkdown, lineAt, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

const LINK = /\[[^\]\n]*\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)\s]*)?(?: "[^"]*")?\)/g;
const CODE = /```[\s\S]*?```|`[^`\n]*`/g;

/** `exists` answers for paths relative to the repository, files and folders. */
export function checkLinks(
  files: readonly SourceFile[],
  exists: (path: string) => boolean,
): readonly Violation[] {
  return files.filter(({ path }) => isMarkdown(path)).flatMap((file) => checkFile(file, exists));
}

function checkFile(
  { path, text }: SourceFile,
  exists: (path: string) => boolean,
): readonly Violation[] {
  // Code keeps its length so that offsets stay true.
  const prose = text.replaceAll(CODE, (code) => code.replaceAll(/[^\n]/g, " "));
  return [...prose.matchAll(LINK)].flatMap((match) => {
    const target = match[1] ?? "";
    if (exists(posix.join(posix.dirname(path), decodeURI(target)))) return [];
    const line = lineAt(text, match.index);
    const instead = "correct the link, or remove it until its target exists";
    return [{ file: path, line, what: `links to ${target}, which does not exist`, instead }];
  });
}
