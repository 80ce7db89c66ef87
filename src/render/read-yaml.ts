// YAML as go-yaml v3 reads it, which kustomize uses: YAML 1.2, but `0644` is octal and `<<` merges.

import { parseAllDocuments, type ScalarTag } from "yaml";

const OCTAL: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
};

export interface YamlDocuments {
  /** Empty documents are left out. */
  readonly values: readonly unknown[];
  /** The first problem of each document, with its line. */
  readonly problems: readonly string[];
}

export function readYaml(text: string): YamlDocuments {
  const documents = parseAllDocuments(text, {
    merge: true,
    customTags: (tags) => [OCTAL, ...tags],
  });
  const list = Array.isArray(documents) ? documents : [];
  const problems = list.flatMap(({ errors }) =>
    errors.slice(0, 1).map(({ message }) => firstLine(message)),
  );
  if (problems.length > 0) return { values: [], problems };
  const values = list.map((document) => document.toJS() as unknown);
  return { values: values.filter((value) => value !== null && value !== undefined), problems };
}

function firstLine(message: string): string {
  return message.split("\n")[0]?.replace(/:$/, "") ?? message;
}
