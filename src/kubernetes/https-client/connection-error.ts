// No answer came: the server could not be reached, or the connection broke. Worth another try, unlike most refusals.

export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}
