// What is wrong with a regular expression. The message is Go's, without its "error parsing regexp: ".

export class RegexError extends Error {
  override readonly name = "RegexError";
}
