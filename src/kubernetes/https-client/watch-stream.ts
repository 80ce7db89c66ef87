// A watch over HTTP: one JSON document a line, until the server or the caller ends it.

import type { Readable } from "node:stream";
import { isRecord } from "../../core/index.ts";
import type { KindRef } from "../gvk.ts";
import type { Watch, WatchEvent } from "../kube-api.ts";
import type { KubernetesObject } from "../object.ts";
import { failure } from "../status.ts";
import { isStatus, readJson } from "./responses.ts";
import type { HttpResponse } from "./transport.ts";

/** Starts the request; the signal ends it. */
export type OpenStream = (signal: AbortSignal) => Promise<HttpResponse>;

/** `done` rejects when the server refuses, or when there is no connection to begin with. */
export function openWatch(
  open: OpenStream,
  kind: KindRef,
  onEvent: (event: WatchEvent) => void,
): Watch {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = (): void => controller.abort();
  const run = async (): Promise<void> => {
    try {
      const response = await open(signal);
      if (response.status !== 200) await readJson(response);
      for await (const line of linesOf(response.body)) {
        const event = readEvent(line, kind);
        if (signal.aborted) return;
        onEvent(event);
        if (event.type === "ERROR") stop();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
  const done = run();
  // Whoever does not wait for the end still learns of it by the events that stop.
  done.catch(() => undefined);
  return { done, stop };
}

/** A connection that breaks ends the stream; the caller lists again. */
async function* linesOf(body: Readable): AsyncGenerator<string> {
  body.setEncoding("utf8");
  let rest = "";
  try {
    for await (const chunk of body) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield line;
    }
  } catch {
    return;
  }
}

function readEvent(line: string, kind: KindRef): WatchEvent {
  const event = parseEvent(line);
  const { type, object } = event;
  if (type === "ERROR" || isStatus(object)) {
    const status = isStatus(object) ? object : failure("InternalError", "the watch failed");
    return { type: "ERROR", object: status };
  }
  if (!isRecord(object) || !isEventType(type)) {
    const message = "the server sent something that is no watch event";
    return { type: "ERROR", object: failure("InternalError", message) };
  }
  return { type, object: withKind(object, kind) };
}

function parseEvent(line: string): Record<string, unknown> {
  try {
    const event: unknown = JSON.parse(line);
    return isRecord(event) ? event : {};
  } catch {
    return {};
  }
}

function isEventType(type: unknown): type is "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" {
  return ["ADDED", "MODIFIED", "DELETED", "BOOKMARK"].includes(String(type));
}

/** Items of built-in lists do not repeat their kind. */
export function withKind(object: Record<string, unknown>, kind: KindRef): KubernetesObject {
  const named = { apiVersion: kind.apiVersion, kind: kind.kind, ...object };
  return named as unknown as KubernetesObject; // The server answers with objects.
}
