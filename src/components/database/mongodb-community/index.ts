// MongoDB replica sets by MongoDB's own operator, which took over from the Community operator. Values as in
// mongodb/mongodb-kubernetes 1.10 helm_chart/values.yaml.

import type {
  Binding,
  EmitContext,
  Emission,
  PlannedDatabase,
  ResolveContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { databaseVariables } from "../../bindings/index.ts";
import { chartRelease, emitterFor } from "../../manifests/index.ts";
import { DATA_NAMESPACE } from "../data-namespace.ts";
import { databaseIdentifier, databaseSecretId, databaseSecretName } from "../database-secret.ts";
import { replicaSet } from "./objects.ts";
import { mongodbCommunitySchema, type MongodbCommunityOptions } from "./options.ts";
import {
  CHART,
  COMPONENT,
  memberService,
  MONGODB_PORT,
  mongodbCommunitySurface,
  RESOURCES,
} from "./surface.ts";

const AREA = "infrastructure/data";

export const mongodbCommunityProvider = defineProvider<PlannedDatabase, MongodbCommunityOptions>({
  name: COMPONENT,
  serves: "mongodb",
  area: AREA,
  provides: ["database", "databaseReplicas"],
  options: mongodbCommunitySchema,
  bind: bindMongodbCommunity,
  surface: mongodbCommunitySurface,
  emit: emitMongodbCommunity,
  crds: async () => [(await import("./crds.facts.ts")).mongodbCommunityCrdFacts],
  apiGroups: ["mongodbcommunity.mongodb.com"],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function bindMongodbCommunity(
  _context: ResolveContext,
  database: Unbound<PlannedDatabase>,
): Omit<Binding, "intent"> {
  const { name } = database;
  const identifier = databaseIdentifier(database);
  return {
    endpoint: { kind: "workload", namespace: DATA_NAMESPACE, name },
    port: MONGODB_PORT,
    application: "mongodb",
    encryption: "none",
    env: databaseVariables(name, {
      engine: "mongodb",
      // Drivers ask any member for the others and find the primary themselves.
      host: `${memberService(name)}.${DATA_NAMESPACE}.svc`,
      port: MONGODB_PORT,
      database: identifier,
      credentials: { secret: databaseSecretName(database) },
      parameters: { replicaSet: name, authSource: identifier },
    }),
    secrets: [databaseSecretId(database)],
  };
}

function emitMongodbCommunity(
  context: EmitContext,
  databases: readonly PlannedDatabase[],
  options: MongodbCommunityOptions,
): Emission {
  const release = chartRelease(context, {
    chart: CHART,
    name: CHART,
    namespace: DATA_NAMESPACE,
    area: AREA,
    values: {
      operator: {
        watchedResources: ["mongodbcommunity"],
        resources: RESOURCES.operator,
        // Its webhooks judge the kinds of the paid product.
        webhook: { registerConfiguration: false, installClusterRole: false },
        telemetry: { enabled: false },
      },
    },
  });
  return {
    charts: [release],
    objects: databases.map((database) =>
      emitterFor(AREA, database.origin)(replicaSet(context.cluster, database, options)),
    ),
  };
}
