// Finds keys that a JSON object has twice, which JSON.parse passes over in silence. A scan of the text, no tree.

/** `duplicate field "data.a"`, one per path, in the order of the text. The text must be valid JSON. */
export function duplicateKeys(text: string): readonly string[] {
  return mayRepeat(text) ? scan(text) : [];
}

/** Cheap way out for nearly all bodies: a document in which every key is seen once cannot repeat any. */
function mayRepeat(text: string): boolean {
  const keys = text.match(/"(?:[^"\\]|\\.)*"\s*:/g) ?? [];
  return new Set(keys).size < keys.length;
}

interface Frame {
  readonly keys: Set<string> | undefined;
  index: number;
  path: string;
}

function scan(text: string): readonly string[] {
  const found = new Set<string>();
  const frames: Frame[] = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
  let key = "";
  let previous = "";
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [part] = match;
    const frame = frames.at(-1);
    if (part === "{" || part === "[") {
      const path = frame === undefined ? "" : childPath(frame, key);
      frames.push({ keys: part === "{" ? new Set() : undefined, index: 0, path });
    } else if (part === "}" || part === "]") {
      frames.pop();
    } else if (part === "," && frame !== undefined) {
      frame.index += 1;
    } else if (part === ":" && frame?.keys !== undefined) {
      key = String(JSON.parse(previous));
      if (frame.keys.has(key)) found.add(childPath(frame, key));
      frame.keys.add(key);
    }
    previous = part;
  }
  return [...found].map((path) => `duplicate field ${JSON.stringify(path)}`);
}

function childPath(frame: Frame, key: string): string {
  if (frame.keys === undefined) return `${frame.path}[${frame.index}]`;
  return frame.path === "" ? key : `${frame.path}.${key}`;
}
