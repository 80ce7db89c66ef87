// OpenAPI requests.

import type { Exchange } from "../exchange.ts";
import { answerText } from "../respond.ts";

export interface OpenApi {
  answer(exchange: Exchange, path: string): void;
}

export function createOpenApi(): OpenApi {
  return { answer: (exchange) => answerText(exchange, 404, "404 page not found\n") };
}
