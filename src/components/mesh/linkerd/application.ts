// Which conversations are made of requests, that a proxy can count, route and repeat one by one.

const BY_REQUEST: ReadonlySet<string> = new Set(["http", "grpc", "otlp", "s3", "sqs"]);

export function isByRequest(application: string): boolean {
  return BY_REQUEST.has(application);
}
