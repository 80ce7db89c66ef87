// Who asks: the identity behind a request.

/** `authentication.k8s.io` UserInfo. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}
