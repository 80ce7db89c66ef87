// The queues of an `elasticmq.conf`. Reads the part of HOCON that the elasticmq component writes: one setting or brace a line,
// or an empty block on its own. Source: elasticmq v1.7.1 README, "Automatically creating queues on startup".

export interface ConfiguredQueue {
  readonly name: string;
  readonly visibilitySeconds?: number;
  readonly deadLetters?: { readonly queue: string; readonly receivesMax: number };
}

export function parseElasticmqQueues(text: string): ConfiguredQueue[] {
  const settings = new Map<string, string>();
  const queues = new Set<string>();
  const path: string[] = [];
  for (const line of text.split("\n").map((one) => one.replace(/#.*$/, "").trim())) {
    const [, opened, closed] = /^"?([\w.-]+)"? *\{ *(\})?$/.exec(line) ?? [];
    const [, key, value = ""] = /^([\w.-]+) *[=:] *"?([^"]*)"?$/.exec(line) ?? [];
    if (opened !== undefined) {
      if (path.join("/") === "queues") queues.add(opened);
      if (closed === undefined) path.push(opened);
    } else if (line === "}") path.pop();
    else if (key !== undefined) settings.set([...path, key].join("/"), value);
  }
  return [...queues].map((name) => queueOf(name, (key) => settings.get(`queues/${name}/${key}`)));
}

function queueOf(name: string, setting: (key: string) => string | undefined): ConfiguredQueue {
  const visibility = /^(\d+) *s/.exec(setting("defaultVisibilityTimeout") ?? "")?.[1];
  const queue = setting("deadLettersQueue/name");
  const receives = Number(setting("deadLettersQueue/maxReceiveCount") ?? Number.NaN);
  return {
    name,
    ...(visibility === undefined ? {} : { visibilitySeconds: Number(visibility) }),
    ...(queue === undefined ? {} : { deadLetters: { queue, receivesMax: receives } }),
  };
}
