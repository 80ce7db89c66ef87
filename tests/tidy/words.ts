// Words that have no place in the project's files: unfinished work, one machine's paths, and talk about how the text came to be.

import { isMarkdown, isTypeScript, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

interface BannedWord {
  readonly pattern: RegExp;
  readonly instead: string;
  /** Files in which the word is the subject. */
  readonly except?: RegExp;
}

const RELATIVE = "write a path relative to the repository";
const PRODUCT = "say what the project does, not how its text came to be";

const BANNED: readonly BannedWord[] = [
  {
    pattern: /\bFIXME\b/,
    instead: "fix it, or state the limitation in a sentence",
  },
  {
    pattern: /(^|[\s"'`(=])\/(work|root|Users)\/\w/,
    instead: RELATIVE,
  },
  {
    pattern: /(^|[\s"'`(=])\/tmp\/\w/,
    instead: "make a folder with mkdtemp, or mktemp -d in a command",
    // What Keelson emits runs in containers, which have a /tmp of their own.
    except: /^src\/(?!.*\.test\.)/,
  },
  {
    pattern: /\b(this|previous|earlier|last|next|another|coding) session\b/i,
    instead: PRODUCT,
  },
  {
    pattern: /\b(AI|LLM|coding|language model) (agents?|assistants?)\b|\b(sub-?agents?|chatbot)\b/i,
    instead: PRODUCT,
  },
  {
    pattern: /\bas (instructed|requested|asked) (by|in)\b|\b(the|my|our|per) (brief|prompt)\b/i,
    instead: PRODUCT,
  },
  {
    pattern: /\b(see|fixes|closes|from|in) issue #?\d+\b/i,
    instead: "say what was wrong; numbers of threads mean nothing to a reader",
  },
];

/** This file and its test name the words they ban. */
const SELF = /^tests\/tidy\/words(\.test)?\.ts$/;

export function checkWords(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ path }) => (isMarkdown(path) || isTypeScript(path)) && !SELF.test(path))
    .flatMap(checkFile);
}

function checkFile({ path, text }: SourceFile): readonly Violation[] {
  return text.split("\n").flatMap((line, index) =>
    BANNED.filter(({ pattern, except }) => pattern.test(line) && except?.test(path) !== true).map(
      ({ pattern, instead }) => ({
        file: path,
        line: index + 1,
        what: `says "${pattern.exec(line)?.[0].trim() ?? ""}"`,
        instead,
      }),
    ),
  );
}
