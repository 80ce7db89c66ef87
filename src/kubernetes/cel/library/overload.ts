// How a library declares its functions: by signature, such as `string->charAt(int): string` for a member of strings or
// `size(list<A>): int` for a function, each with what it does.

import { type CelType, readType, splitArguments } from "../check/cel-type.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import type { CelValue } from "../values/value.ts";

/** Arguments arrive with the kinds of the signature, the receiver of a member first and the evaluation last. */
export type Implementation = (...args: never[]) => CelValue;

export type Library = Readonly<Record<string, Implementation>>;

export interface Overload {
  readonly name: string;
  readonly member: boolean;
  readonly params: readonly CelType[];
  readonly result: CelType;
  readonly generic: boolean;
  readonly run: (args: readonly CelValue[], evaluation: Evaluation) => CelValue;
}

const cache = new WeakMap<Library, readonly Overload[]>();

export function readLibrary(library: Library): readonly Overload[] {
  let overloads = cache.get(library);
  if (overloads === undefined) {
    overloads = Object.entries(library).map(([signature, run]) => readOverload(signature, run));
    cache.set(library, overloads);
  }
  return overloads;
}

function readOverload(signature: string, run: Implementation): Overload {
  const { receiver, name, args, result } = cut(signature);
  const texts = [...(receiver === undefined ? [] : [receiver]), ...splitArguments(args)];
  const params = texts.map(readType);
  return {
    name,
    member: receiver !== undefined,
    params,
    result: readType(result),
    generic: /(?:^|[<, (])[A-Z](?:[>,)]|$)/.test([...texts, result].join(",")),
    run: (values, evaluation) =>
      (run as unknown as (...all: readonly unknown[]) => CelValue)(...values, evaluation),
  };
}

interface SignatureParts {
  readonly receiver: string | undefined;
  readonly name: string;
  readonly args: string;
  readonly result: string;
}

function cut(signature: string): SignatureParts {
  const colon = signature.lastIndexOf("): ");
  const open = signature.indexOf("(");
  const head = signature.slice(0, open);
  const parts = { args: signature.slice(open + 1, colon), result: signature.slice(colon + 3) };
  const arrow = head.indexOf("->");
  if (arrow < 0) return { receiver: undefined, name: head, ...parts };
  return { receiver: head.slice(0, arrow), name: head.slice(arrow + 2), ...parts };
}
