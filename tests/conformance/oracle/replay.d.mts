export interface Step {
  readonly kubectl?: unknown;
  readonly [key: string]: unknown;
}

export interface Case {
  readonly name: string;
  readonly why: string;
  readonly steps: readonly Step[];
  readonly needs?: readonly string[];
}

export class Client {
  constructor(options: { baseUrl: string; token: string; ca?: string; insecure?: boolean });
  readonly agent: { destroy(): void };
}

export function runCase(
  client: Client,
  kase: Case,
  options: { kubectl?: string | undefined; workDir: string },
): Promise<{ readonly answers: readonly unknown[] }>;

/** One line per difference; empty when the answers are the recorded ones. */
export function compare(kase: Case, answers: readonly unknown[]): readonly string[];
