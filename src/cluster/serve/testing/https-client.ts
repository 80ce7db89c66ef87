// A small HTTPS client for tests: HTTP/1.1 and HTTP/2, whole answers and streams of lines.

import { connect } from "node:http2";
import type { OutgoingHttpHeaders } from "node:http2";
import { request } from "node:https";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

export async function ask(url: string, asked: Asked): Promise<Answer> {
  const response = await open(url, asked);
  const text = await textOf(response);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

/** Resolves with the answer's head; its body is still to be read. */
export function open(url: string, asked: Asked): Promise<IncomingMessage> {
  const { method = "GET", headers = {}, body, ca, cert, key } = asked;
  const identity = cert === undefined || key === undefined ? {} : { cert, key };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, ca, ...identity, agent: false }, resolve);
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

export async function textOf(response: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** The first lines of a stream, each parsed as JSON; the connection is cut after them. */
export async function firstLines(url: string, asked: Asked, count: number): Promise<unknown[]> {
  const response = await open(url, asked);
  const lines: unknown[] = [];
  let rest = "";
  for await (const part of response) {
    rest += String(part);
    const complete = rest.split("\n");
    rest = complete.pop() ?? "";
    lines.push(...complete.map((line): unknown => JSON.parse(line)));
    if (lines.length >= count) break;
  }
  response.destroy();
  return lines;
}

export async function askHttp2(url: string, asked: Asked): Promise<Answer> {
  const { origin, pathname, search } = new URL(url);
  const session = connect(origin, { ca: asked.ca });
  try {
    return await new Promise((resolve, reject) => {
      session.once("error", reject);
      const outgoing: OutgoingHttpHeaders = {
        ":method": asked.method ?? "GET",
        ":path": pathname + search,
        ...asked.headers,
      };
      const stream = session.request(outgoing);
      let status = 0;
      let headers: Answer["headers"] = {};
      let text = "";
      stream.setEncoding("utf8");
      stream.once("response", (answered) => {
        status = answered[":status"] ?? 0;
        headers = answered;
      });
      stream.on("data", (part: string) => (text += part));
      stream.once("end", () => resolve({ status, headers, text }));
      stream.once("error", reject);
      stream.end(asked.body);
    });
  } finally {
    session.close();
  }
}
