// How Strimzi acts inside an embedded cluster: it says that the Kafka and its pool are ready once their brokers are, and that
// topics and users are. Conditions as in strimzi-kafka-operator 1.2 operator-common/…/StatusUtils.java and
// cluster-operator/…/KafkaAssemblyOperator.java. No message is kept: the brokers are simulated.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Behaviour } from "../../../model/index.ts";
import {
  hasMajority,
  operatedController,
  type OperatedCondition,
  type OperatedPods,
} from "../../operators/behaviour.ts";
import { BROKERS, CLIENT_PORT, KAFKA, NAMESPACE, OPERATOR } from "./surface.ts";

const kindOf = (kind: string) => ({ apiVersion: "kafka.strimzi.io/v1", kind });
const BOOTSTRAP = `${KAFKA}-kafka-bootstrap.${NAMESPACE}.svc`;

function conditionsOf(pods: OperatedPods): OperatedCondition[] {
  const { wanted, ready, up } = pods;
  if (wanted > 0 && ready >= wanted) return [{ type: "Ready", status: "True" }];
  const message =
    up.length === 0 || hasMajority(pods)
      ? "Kafka cluster is being deployed"
      : `${up.length} of ${wanted} controllers are up: no quorum, nothing is written`;
  return [{ type: "NotReady", status: "True", reason: "Creating", message }];
}

const observed = ({ metadata }: KubernetesObject): object => ({
  observedGeneration: metadata.generation ?? 1,
});

export const behaviour: Behaviour = {
  source: "strimzi/strimzi-kafka-operator cluster-operator, topic-operator, user-operator, 1.2",
  workload: OPERATOR,
  controllers: () => [
    operatedController("strimzi-kafka", {
      kind: kindOf("Kafka"),
      workloads: () => [BROKERS],
      status: (object, pods) => ({
        ...observed(object),
        listeners: [
          {
            name: "plain",
            addresses: [{ host: BOOTSTRAP, port: CLIENT_PORT }],
            bootstrapServers: `${BOOTSTRAP}:${CLIENT_PORT}`,
          },
        ],
        conditions: conditionsOf(pods),
      }),
    }),
    operatedController("strimzi-node-pool", {
      kind: kindOf("KafkaNodePool"),
      workloads: () => [BROKERS],
      status: (object, pods) => ({
        ...observed(object),
        nodeIds: pods.names.map((_name, id) => id),
        replicas: pods.wanted,
        roles: ["controller", "broker"],
      }),
    }),
    operatedController("strimzi-topic", {
      kind: kindOf("KafkaTopic"),
      workloads: () => [BROKERS],
      status: (object, pods) => ({
        ...observed(object),
        topicName: object.metadata.name,
        conditions: conditionsOf(pods),
      }),
    }),
    operatedController("strimzi-user", {
      kind: kindOf("KafkaUser"),
      workloads: () => [BROKERS],
      status: (object, pods) => ({
        ...observed(object),
        username: object.metadata.name,
        secret: object.metadata.name,
        conditions: conditionsOf(pods),
      }),
    }),
  ],
};
