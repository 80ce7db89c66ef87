// How a service account stands for an identity of a cloud, so that no key is kept: the cloud believes the tokens the cluster
// signs. Sources: docs.aws.amazon.com/eks "IAM roles for service accounts" and aws/amazon-eks-pod-identity-webhook README;
// cloud.google.com/kubernetes-engine/docs/how-to/workload-identity; azure.github.io/azure-workload-identity "Service Account
// Labels and Annotations".

export interface WorkloadIdentity {
  readonly cloud: "aws" | "gcp" | "azure";
  /** What an identity is called there, in a person's words. */
  readonly expected: string;
  /** Of a whole name. */
  readonly pattern: string;
  /** On the service account: the identity's name. */
  readonly annotation: string;
  /** On its pods, for the cloud's own webhook. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** What pods mount; absent where the cloud's webhook or its nodes give them the token. */
  readonly token?: {
    readonly volume: string;
    readonly mountPath: string;
    readonly audience: string;
    readonly expirationSeconds: number;
    /** Variables its SDKs read: where the token is, and whose it is. */
    readonly fileVariable: string;
    readonly nameVariable: string;
  };
  /** Where SDKs turn the token into credentials. `<region>` stands for the site's; no addresses: anywhere outside. */
  readonly exchange: {
    readonly host: string;
    readonly port: number;
    readonly tls: boolean;
    readonly addresses: readonly string[];
  };
}

/** The webhook of EKS leaves pods alone that have both variables, and it may be down when a pod is made. */
export const AWS_IDENTITY: WorkloadIdentity = {
  cloud: "aws",
  expected: 'the ARN of an IAM role, such as "arn:aws:iam::111111111111:role/storefront"',
  pattern: String.raw`^arn:aws[-a-z]*:iam::\d{12}:role/[\w+=,.@/-]+$`,
  annotation: "eks.amazonaws.com/role-arn",
  token: {
    volume: "aws-iam-token",
    mountPath: "/var/run/secrets/eks.amazonaws.com/serviceaccount",
    audience: "sts.amazonaws.com",
    expirationSeconds: 86_400,
    fileVariable: "AWS_WEB_IDENTITY_TOKEN_FILE",
    nameVariable: "AWS_ROLE_ARN",
  },
  exchange: { host: "sts.<region>.amazonaws.com", port: 443, tls: true, addresses: [] },
};

/** Nodes answer in place of the metadata server; with Dataplane V2 pods reach it at its usual address. */
export const GCP_IDENTITY: WorkloadIdentity = {
  cloud: "gcp",
  expected:
    'the e-mail of a Google service account, such as "storefront@my-project.iam.gserviceaccount.com"',
  pattern: String.raw`^[a-z][-a-z0-9]{4,28}[a-z0-9]@[-a-z0-9.:]+\.iam\.gserviceaccount\.com$`,
  annotation: "iam.gke.io/gcp-service-account",
  exchange: {
    host: "metadata.google.internal",
    port: 80,
    tls: false,
    addresses: ["169.254.169.254/32"],
  },
};

/** The webhook alone knows the tenant: it adds the token for `api://AzureADTokenExchange`, good for an hour, and its variables. */
export const AZURE_IDENTITY: WorkloadIdentity = {
  cloud: "azure",
  expected: 'the client ID of a managed identity, such as "00000000-0000-0000-0000-000000000000"',
  pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
  annotation: "azure.workload.identity/client-id",
  podLabels: { "azure.workload.identity/use": "true" },
  exchange: { host: "login.microsoftonline.com", port: 443, tls: true, addresses: [] },
};
