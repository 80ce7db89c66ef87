// What differs from run to run in kubectl's output, replaced by its name; columns keep one width whatever stood in them.

const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // What client-go logs when a connection is slow to open says nothing of the answer.
  [/^[IWE]\d{4} [\d:.]+ +\d+ reflector\.go.*\n?/gm, ""],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<UID>"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<TIME>"],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "<TIME>"],
  [/(127\.0\.0\.1|localhost|\[::1\]):\d+/g, "$1:<PORT>"],
  [/(resourceVersion"?: ?)"\d+"/g, '$1"<RV>"'],
  [/(Resource Version: +)\d+/g, "$1<RV>"],
  [/\b10\.42\.\d+\.\d+\b/g, "<POD-IP>"],
  // Where the scheduler put a pod.
  [/\bnode-\d\/192\.168\.0\.\d+/g, "<NODE>"],
  [/(runs no process on |selected-node: )node-\d/g, "$1<NODE>"],
  [/\b10\.43\.(?!0\.1\b)\d+\.\d+\b/g, "<CLUSTER-IP>"],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+\b/g, "<TOKEN>"],
  // The five letters of a generated name; the length stays.
  [/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "-<RND>"],
  [/:3[0-2]\d{3}\/(TCP|UDP)/g, ":<PORT>/$1"],
  [/(?<=^| |\()(\d+[smhd]){1,2}(?= |$|\))/gm, "<AGE>"],
  [/<invalid>(?= |$)/gm, "<AGE>"],
  // How often a rollout reported before it was done is a matter of speed.
  [/^Waiting for .*\n/gm, ""],
  [/<(AGE|POD-IP|CLUSTER-IP)> +(?=\S)/g, "<$1>   "],
  [/\b(AGE|IP|CLUSTER-IP|LAST SEEN) {2,}(?=\S)/g, "$1   "],
];

export function redact(text: string): string {
  return RULES.reduce((done, [pattern, replacement]) => done.replace(pattern, replacement), text);
}
