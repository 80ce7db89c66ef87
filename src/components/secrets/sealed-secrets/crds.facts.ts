// Facts transcribed from bitnami-labs/sealed-secrets v0.36.4 (2026-04-09) by `npm run facts`. Generated: change the script, not this file.

import type { FactText } from "../../../kubernetes/index.ts";

export const sealedSecretsCrdFacts: FactText = {
  source: "bitnami-labs/sealed-secrets v0.36.4",
  date: "2026-04-09",
  text: String.raw`{"nodes":[
{"t":"string"},
{"t":"object"},
{"t":"string","f":"byte"},
{"t":"object","u":1,"a":0},
{"t":"object","z":1,"a":0},
{"t":"boolean"},
{"t":"object","a":0},
{"t":"array","i":0},
{"t":"object","z":1,"u":1,"p":{"annotations":6,"finalizers":7,"labels":6,"name":0,"namespace":0}},
{"t":"object","p":{"data":4,"immutable":5,"metadata":8,"type":0}},
{"t":"object","r":["encryptedData"],"p":{"data":2,"encryptedData":3,"template":9}},
{"t":"string","f":"date-time"},
{"t":"object","r":["status","type"],"p":{"lastTransitionTime":11,"lastUpdateTime":11,"message":0,"reason":0,"status":0,"type":0}},
{"t":"array","i":12},
{"t":"integer","f":"int64"},
{"t":"object","p":{"conditions":13,"observedGeneration":14}},
{"t":"object","r":["spec"],"p":{"apiVersion":0,"kind":0,"metadata":1,"spec":10,"status":15}}
],
"definitions":[
{"spec":{"group":"bitnami.com","names":{"kind":"SealedSecret","listKind":"SealedSecretList","plural":"sealedsecrets","singular":"sealedsecret"},"scope":"Namespaced","versions":[{"additionalPrinterColumns":[{"jsonPath":".status.conditions[0].message","name":"Status","type":"string"},{"jsonPath":".status.conditions[0].status","name":"Synced","type":"string"},{"jsonPath":".metadata.creationTimestamp","name":"Age","type":"date"}],"name":"v1alpha1","schema":16,"served":true,"storage":true,"subresources":{"status":{}}}]}}
]}`,
};
