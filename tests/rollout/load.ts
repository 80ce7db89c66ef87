// A constant load: requests that are in flight all the time, each with the version that answered it.

import { Agent, request as httpRequest, type RequestOptions } from "node:http";

export interface Answer {
  /** 0 where the connection broke. */
  readonly status: number;
  /** Of the header `x-version`; what went wrong where there is none. */
  readonly version: string;
}

export interface RunningLoad {
  /** Answers to the next requests, from those that start from now on. */
  next(count: number): Promise<readonly Answer[]>;
  /** Every answer there was. */
  stop(): Promise<readonly Answer[]>;
}

export interface LoadOptions {
  readonly concurrency: number;
  /** In turn. */
  readonly methods: readonly string[];
  /** Default: the root. */
  readonly path?: string;
}

export function startLoad(
  port: number,
  host: string,
  { concurrency, methods, path = "/" }: LoadOptions,
): RunningLoad {
  const agent = new Agent({ keepAlive: true });
  const all: Answer[] = [];
  const samples = new Set<(answer: Promise<Answer>) => void>();
  let isStopping = false;
  let sent = 0;
  const client = async (): Promise<void> => {
    while (!isStopping) {
      sent += 1;
      const method = methods[sent % methods.length] ?? "GET";
      const answer = send({ agent, host: "127.0.0.1", port, method, path, headers: { host } });
      for (const sample of samples) sample(answer);
      all.push(await answer);
    }
  };
  const clients = Array.from({ length: concurrency }, client);
  return {
    next(count) {
      const taken: Promise<Answer>[] = [];
      return new Promise((resolve) => {
        const sample = (answer: Promise<Answer>): void => {
          if (taken.push(answer) < count) return;
          samples.delete(sample);
          resolve(Promise.all(taken));
        };
        samples.add(sample);
      });
    },
    async stop() {
      isStopping = true;
      await Promise.all(clients);
      agent.destroy();
      return all;
    },
  };
}

function send(options: RequestOptions): Promise<Answer> {
  return new Promise((resolve) => {
    const broken = ({ message }: Error): void => resolve({ status: 0, version: message });
    const request = httpRequest(options);
    request.on("error", broken);
    request.on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => (text += String(chunk)));
      response.on("error", broken);
      response.on("end", () => {
        const version = response.headers["x-version"];
        const { statusCode: status = 0 } = response;
        resolve({ status, version: typeof version === "string" ? version : text });
      });
    });
    request.end(options.method === "POST" ? "an order" : undefined);
  });
}

/** Percent of the answers that a version gave. */
export function shareOf(version: string, answers: readonly Answer[]): number {
  return (100 * answers.filter((one) => one.version === version).length) / answers.length;
}
