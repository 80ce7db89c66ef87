// The language of transcripts: what is a command, what is recorded, and that writing keeps everything else.

import { describe, expect, it } from "vitest";

import { redact } from "./redact.ts";
import { formatTranscript, parseTranscript, type StepResult } from "./transcript.ts";

const TEXT = `What it shows,
in two lines.

  $ cat > a.yaml <<END
  > a: 1
  >
  > b: 2
  > END

  $ kubectl get a
  NAME

  ! failed
  [1]

More of it.
`;

describe("a transcript", () => {
  it("is prose and commands", () => {
    expect(parseTranscript(TEXT)).toEqual([
      { prose: "What it shows,\nin two lines." },
      expect.objectContaining({ command: "cat > a.yaml <<END\na: 1\n\nb: 2\nEND" }),
      {
        command: "kubectl get a",
        recorded: "  $ kubectl get a\n  NAME\n\n  ! failed\n  [1]",
      },
      { prose: "More of it." },
    ]);
  });

  it("is written as it was read when the results are the same", () => {
    const passages = parseTranscript(TEXT);
    const said: StepResult = { code: 0, stdout: "", stderr: "" };
    const failed: StepResult = { code: 1, stdout: "NAME  \n\n", stderr: "failed\n" };
    const steps = passages.filter((passage) => "command" in passage);
    const results = new Map(steps.map((step, index) => [step, index === 0 ? said : failed]));
    expect(formatTranscript(passages, results)).toBe(TEXT);
  });
});

describe("redaction", () => {
  it.each([
    { name: "ages", text: "web   3m10s   node-1", redacted: "web   <AGE>   node-1" },
    { name: "names", text: "pod/web-7d5f45bf44-x2x2x", redacted: "pod/web-7d5f45bf44-<RND>" },
    { name: "words stay", text: "node-problem-detector", redacted: "node-problem-detector" },
    { name: "addresses", text: "10.42.1.7     node-1", redacted: "<POD-IP>   node-1" },
    { name: "servers", text: "https://127.0.0.1:4123", redacted: "https://127.0.0.1:<PORT>" },
  ])("$name", ({ text, redacted }) => expect(redact(text)).toBe(redacted));
});
