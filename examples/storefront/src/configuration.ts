// Everything the process is told: by the variables that the platform's bindings set (see the README's table), by those that
// OpenTelemetry defines, and by a few of its own. The only file that knows their names.

export interface Configuration {
  /** `web` serves, `worker` sends mail, `all` does both in one process. */
  readonly role: "all" | "web" | "worker";
  /** All addresses when left out. */
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** How long requests may still arrive after SIGTERM, while readiness already fails. */
  readonly drainMs: number;
  /** Secrets mounted as files: `<directory>/<secret>/<KEY>`. */
  readonly secretsDirectory: string;
  readonly orders?: { readonly url: string };
  readonly cache?: { readonly url: string };
  readonly uploads?: SignedEndpoint & { readonly bucket: string };
  readonly mail?: SignedEndpoint & { readonly queueUrl: string };
  readonly events?: {
    readonly brokers: readonly string[];
    readonly topic: string;
    readonly tls: boolean;
    /** Left out where the brokers ask for none. */
    readonly credentials?: { readonly username: string; readonly password: string };
  };
}

export interface SignedEndpoint {
  /** Left out where the provider is AWS itself and the SDK knows the way. */
  readonly endpoint?: string;
  readonly region: string;
  /** Left out where the SDK finds its own: a workload identity, an instance role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export type Variables = Readonly<Record<string, string | undefined>>;

const PORT_DEFAULT = 8080;
const DRAIN_DEFAULT_MS = 1000;

/** Throws an Error that names the variable when a value makes no sense. */
export function readConfiguration(variables: Variables): Configuration {
  const host = textOf(variables, "HOST");
  const orders = databaseOf(variables);
  const cache = textOf(variables, "CACHE_URL") ?? textOf(variables, "REDIS_URL");
  const uploads = bucketOf(variables);
  const mail = queueOf(variables);
  const brokers = textOf(variables, "EVENTS_BROKERS") ?? textOf(variables, "KAFKA_BROKERS");
  return {
    role: roleOf(variables),
    ...(host === undefined ? {} : { host }),
    port: numberOf(variables, "PORT", PORT_DEFAULT),
    drainMs: numberOf(variables, "DRAIN_MS", DRAIN_DEFAULT_MS),
    secretsDirectory: textOf(variables, "SECRETS_DIRECTORY") ?? "/etc/secrets",
    ...(orders === undefined ? {} : { orders: { url: orders } }),
    ...(cache === undefined ? {} : { cache: { url: cache } }),
    ...(uploads === undefined ? {} : { uploads }),
    ...(mail === undefined ? {} : { mail }),
    ...(brokers === undefined ? {} : { events: eventsOf(variables, brokers) }),
  };
}

/** The database called `orders`, else the first one of the app. */
function databaseOf(variables: Variables): string | undefined {
  return textOf(variables, "ORDERS_DATABASE_URL") ?? textOf(variables, "DATABASE_URL");
}

function queueOf(variables: Variables): Configuration["mail"] {
  const queueUrl = textOf(variables, "MAIL_QUEUE_URL");
  if (queueUrl === undefined) return undefined;
  return { queueUrl, ...signedEndpoint(variables, "MAIL_QUEUE", "SQS_ENDPOINT") };
}

function bucketOf(variables: Variables): Configuration["uploads"] {
  const bucket = textOf(variables, "UPLOADS_BUCKET");
  if (bucket === undefined) return undefined;
  return { bucket, ...signedEndpoint(variables, "UPLOADS_BUCKET", "S3_ENDPOINT") };
}

function signedEndpoint(variables: Variables, prefix: string, short: string): SignedEndpoint {
  const endpoint = textOf(variables, `${prefix}_ENDPOINT`) ?? textOf(variables, short);
  const accessKeyId = textOf(variables, `${prefix}_ACCESS_KEY_ID`);
  const secretAccessKey = textOf(variables, `${prefix}_SECRET_ACCESS_KEY`);
  const region = textOf(variables, `${prefix}_REGION`) ?? textOf(variables, "AWS_REGION");
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    region: region ?? "us-east-1",
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  };
}

function eventsOf(variables: Variables, brokers: string): NonNullable<Configuration["events"]> {
  const username = textOf(variables, "KAFKA_USERNAME");
  const password = textOf(variables, "KAFKA_PASSWORD");
  return {
    brokers: brokers.split(",").map((broker) => broker.trim()),
    topic: textOf(variables, "EVENTS_TOPIC") ?? textOf(variables, "KAFKA_TOPIC") ?? "orders",
    tls: textOf(variables, "KAFKA_SECURITY_PROTOCOL")?.endsWith("SSL") ?? false,
    ...(username === undefined || password === undefined
      ? {}
      : { credentials: { username, password } }),
  };
}

function roleOf(variables: Variables): Configuration["role"] {
  const role = textOf(variables, "ROLE") ?? "all";
  if (role === "all" || role === "web" || role === "worker") return role;
  throw new Error(`ROLE is "${role}"; expected all, web or worker`);
}

function numberOf(variables: Variables, name: string, preset: number): number {
  const text = textOf(variables, name);
  const number = text === undefined ? preset : Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`${name} is "${text}"; expected a whole number`);
}

/** An empty variable counts as absent. */
function textOf(variables: Variables, name: string): string | undefined {
  const text = variables[name];
  return text === undefined || text === "" ? undefined : text;
}
