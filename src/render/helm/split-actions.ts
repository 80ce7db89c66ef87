// Cuts a template into text and actions. Mirrors the lexer of Go's text/template (https://pkg.go.dev/text/template):
// `{{- ` and ` -}}` take the white space beside them away, `{{/* */}}` is a comment.

import { TemplateError } from "./template-error.ts";

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly text: string; readonly line: number };

const ACTION =
  /\{\{(-(?=\s))?\s*(\/\*[^]*?\*\/|(?:"(?:\\.|[^"\\])*"|`[^`]*`|[^"`])*?)\s*((?<=\s)-)?\}\}/g;

export function splitActions(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  const addText = (text: string): void => {
    const kept = trimNext ? text.trimStart() : text;
    if (kept !== "") pieces.push({ kind: "text", text: kept });
  };
  for (const match of template.matchAll(ACTION)) {
    const [whole, trimBefore, action = "", trimAfter] = match;
    const before = template.slice(at, match.index);
    requireClosed(before);
    addText(trimBefore === undefined ? before : before.trimEnd());
    if (!action.startsWith("/*"))
      pieces.push({ kind: "action", text: action, line: lineOf(template, match.index) });
    trimNext = trimAfter !== undefined;
    at = match.index + whole.length;
  }
  requireClosed(template.slice(at));
  addText(template.slice(at));
  return pieces;
}

function requireClosed(text: string): void {
  if (text.includes("{{")) throw new TemplateError("an action is not closed");
}

function lineOf(template: string, index: number): number {
  return template.slice(0, index).split("\n").length;
}
