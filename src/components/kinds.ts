// The values each place of a definition accepts: what the shipped components' helpers return. Literals of the same shape are
// as good; `kind` tells them apart, which is what makes an editor complete the rest.

import type { Kinds } from "../model/index.ts";
import type { bucketMirror } from "./backup/bucket-mirror/options.ts";
import type { databaseDump } from "./backup/database-dump/options.ts";
import type { externalS3 } from "./bucket/external-s3/options.ts";
import type { minio } from "./bucket/minio/options.ts";
import type { seaweedfs } from "./bucket/seaweedfs/options.ts";
import type { externalPostgres } from "./database/external-postgres/options.ts";
import type { postgresServer } from "./database/postgres-server/options.ts";
import type { argocd } from "./delivery/argocd/options.ts";
import type { ingressNginx } from "./ingress/ingress-nginx/options.ts";
import type { nginxGatewayFabric } from "./ingress/nginx-gateway-fabric/options.ts";
import type { metallb } from "./load-balancer/metallb/options.ts";
import type { elasticmq } from "./queue/elasticmq/options.ts";
import type { externalSqs } from "./queue/external-sqs/options.ts";
import type { distribution } from "./registry/distribution/options.ts";
import type { sealedSecrets } from "./secrets/sealed-secrets/options.ts";
import type { aws } from "./sites/aws/index.ts";
import type { developerMachine } from "./sites/developer-machine/index.ts";
import type { digitalocean } from "./sites/digitalocean/index.ts";
import type { onPremise } from "./sites/on-premise/index.ts";
import type { eks } from "./substrates/eks/options.ts";
import type { existing } from "./substrates/existing/options.ts";
import type { k3d } from "./substrates/k3d/options.ts";

export interface ShippedKinds extends Kinds {
  sites:
    | ReturnType<typeof developerMachine>
    | ReturnType<typeof aws>
    | ReturnType<typeof digitalocean>
    | ReturnType<typeof onPremise>;
  /** Nothing ships a link yet. */
  links: never;
  clusters: ReturnType<typeof k3d> | ReturnType<typeof eks> | ReturnType<typeof existing>;
  delivery: ReturnType<typeof argocd>;
  ingress: ReturnType<typeof nginxGatewayFabric> | ReturnType<typeof ingressNginx>;
  loadBalancer: ReturnType<typeof metallb>;
  registry: ReturnType<typeof distribution>;
  secrets: ReturnType<typeof sealedSecrets>;
  backup: ReturnType<typeof databaseDump> | ReturnType<typeof bucketMirror>;
  /** Nothing ships for these two slots yet. */
  metrics: never;
  logs: never;
  databaseProvider: ReturnType<typeof postgresServer> | ReturnType<typeof externalPostgres>;
  queueProvider: ReturnType<typeof elasticmq> | ReturnType<typeof externalSqs>;
  bucketProvider:
    | ReturnType<typeof seaweedfs>
    | ReturnType<typeof externalS3>
    | ReturnType<typeof minio>;
}
