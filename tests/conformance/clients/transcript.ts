// A recorded session at a shell, one file: prose, commands, and what each command said. In the manner of cram and of the command
// scripts of omicron's reconfigurator-cli: the recorded part is rewritten by `vitest --update`, the rest is kept.
//
//   Prose stands at the left margin.
//
//     $ kubectl get pod absent          a command; `> ` continues it
//     ! Error from server …             a line of standard error
//     [1]                               an exit code that is not 0

export interface Step {
  readonly command: string;
  /** As it stands in the file, command included. */
  readonly recorded: string;
}

export interface StepResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Passage = { readonly prose: string } | Step;

const INDENT = "  ";
const PROMPT = `${INDENT}$ `;
const CONTINUED = `${INDENT}> `;

/** Prose and commands in order. */
export function parseTranscript(text: string): readonly Passage[] {
  const blocks: string[][] = [];
  let isCommand = false;
  let wasBlank = true;
  for (const line of text.trimEnd().split("\n")) {
    const isProse = line !== "" && !line.startsWith(INDENT);
    const isNew = line.startsWith(PROMPT) || (isProse && (isCommand || wasBlank));
    if (isNew) blocks.push([line]);
    else blocks.at(-1)?.push(line);
    if (isNew) isCommand = !isProse;
    wasBlank = line === "";
  }
  return blocks.map(readBlock);
}

function readBlock(lines: readonly string[]): Passage {
  const recorded = lines.join("\n").trimEnd();
  const [first = "", ...rest] = lines;
  if (!first.startsWith(PROMPT)) return { prose: recorded };
  const end = rest.findIndex((line) => !isContinuation(line));
  const continued = end === -1 ? rest : rest.slice(0, end);
  const words = continued.map((line) => line.slice(CONTINUED.length));
  return { command: [first.slice(PROMPT.length), ...words].join("\n"), recorded };
}

/** An empty line of a document in a command has lost the blank after its `>`. */
function isContinuation(line: string): boolean {
  return line.startsWith(CONTINUED) || line === CONTINUED.trimEnd();
}

/** The text again, with these results; a command without a result is left out. */
export function formatTranscript(
  passages: readonly Passage[],
  results: ReadonlyMap<Step, StepResult>,
): string {
  const parts = passages.flatMap((passage) => {
    if ("prose" in passage) return [passage.prose];
    const result = results.get(passage);
    return result === undefined ? [] : [formatStep(passage.command, result)];
  });
  return `${parts.join("\n\n")}\n`;
}

export function formatStep(command: string, { code, stdout, stderr }: StepResult): string {
  const [first = "", ...rest] = command.split("\n");
  return [
    PROMPT + first,
    ...rest.map((line) => (CONTINUED + line).trimEnd()),
    ...linesOf(stdout).map((line) => (INDENT + line).trimEnd()),
    ...linesOf(stderr).map((line) => `${INDENT}! ${line}`.trimEnd()),
    ...(code === 0 ? [] : [`${INDENT}[${code}]`]),
  ].join("\n");
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
