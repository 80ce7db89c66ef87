// `$(NAME)` in commands, arguments and values of variables. Pure. Mirrors k8s.io/kubernetes
// third_party/forked/golang/expansion: `$$` is a dollar sign, and a name nobody knows stays as it is written.

export function expandVariables(
  text: string,
  valueOf: (name: string) => string | undefined,
): string {
  let expanded = "";
  let index = 0;
  while (index < text.length) {
    const dollar = text.indexOf("$", index);
    if (dollar < 0 || dollar + 1 >= text.length) break;
    const read = readReference(text, dollar + 1);
    expanded += text.slice(index, dollar);
    expanded += read.name === undefined ? read.text : (valueOf(read.name) ?? `$(${read.name})`);
    index = dollar + 1 + read.length;
  }
  return expanded + text.slice(index);
}

interface Read {
  readonly name?: string;
  /** What stands for something that is no reference. */
  readonly text: string;
  readonly length: number;
}

function readReference(text: string, start: number): Read {
  if (text[start] === "$") return { text: "$", length: 1 };
  if (text[start] !== "(") return { text: `$${text[start]}`, length: 1 };
  const close = text.indexOf(")", start);
  if (close < 0) return { text: "$(", length: 1 };
  return { name: text.slice(start + 1, close), text: "", length: close - start + 1 };
}
