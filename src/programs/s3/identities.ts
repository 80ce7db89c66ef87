// Who may do what: identities in the form of SeaweedFS (`actions: ["Read:uploads", "Write:uploads"]`), or one that may do
// everything. Source: seaweedfs 4.44 docker/compose/s3.json, weed/s3api/auth_credentials.go (Identity.CanDo).

export type Action = "Read" | "Write" | "List" | "Tagging" | "Admin";

export interface Identity {
  readonly name: string;
  readonly credentials: readonly { readonly accessKey: string; readonly secretKey: string }[];
  /** `Admin`, `Read` for every bucket, `Read:bucket` for one. */
  readonly actions: readonly string[];
}

export function parseIdentities(text: string): readonly Identity[] {
  const { identities } = JSON.parse(text) as { readonly identities: readonly Identity[] };
  return identities;
}

export function secretOf(identities: readonly Identity[], accessKey: string): string | undefined {
  const all = identities.flatMap(({ credentials }) => credentials);
  return all.find((credential) => credential.accessKey === accessKey)?.secretKey;
}

export function mayDo(
  identities: readonly Identity[],
  accessKey: string,
  action: Action,
  bucket: string,
): boolean {
  const identity = identities.find(({ credentials }) =>
    credentials.some((credential) => credential.accessKey === accessKey),
  );
  const granted = [`${action}:${bucket}`, action, "Admin", `Admin:${bucket}`];
  return identity?.actions.some((one) => granted.includes(one)) === true;
}
