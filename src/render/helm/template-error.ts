// What goes wrong in a template, told apart from our own bugs.

/** The template cannot be read or says something that is not there. The message names the action. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}
