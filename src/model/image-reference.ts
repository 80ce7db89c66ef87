// Image references: `registry/path:tag@digest`. Grammar of the distribution reference package (reference/regexp.go).

export interface ImageReference {
  /** `ghcr.io/example/shop`, as written: without tag and digest. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

const HOST =
  "(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])(?:\\.(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*(?::[0-9]+)?";
const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const REFERENCE = new RegExp(
  `^((?:${HOST}/)?${PART}(?:/${PART})*)(?::([\\w][\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`,
);
/** Longer names are refused by registries; it also bounds the work of the expression. */
const REFERENCE_MAX = 512;

/** `undefined` when the text is no reference. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (text.length > REFERENCE_MAX) return undefined;
  const match = REFERENCE.exec(text);
  if (!match?.[1]) return undefined;
  const [, repository, tag, digest] = match;
  return {
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
