// Facts transcribed from cert-manager/trust-manager v0.24.0 (2026-06-27) by `npm run facts`. Generated: change the script, not this file.

import type { FactText } from "../../../kubernetes/index.ts";

export const trustManagerCrdFacts: FactText = {
  source: "cert-manager/trust-manager v0.24.0",
  date: "2026-06-27",
  text: String.raw`{"nodes":[
{"t":"string"},
{"t":"object"},
{"t":"boolean"},
{"t":"string","ll":1,"hl":253},
{"t":"array","l":"atomic","i":0},
{"t":"object","r":["key","operator"],"p":{"key":0,"operator":0,"values":4}},
{"t":"array","l":"atomic","i":5},
{"t":"object","a":0},
{"t":"object","m":"atomic","p":{"matchExpressions":6,"matchLabels":7}},
{"t":"object","m":"atomic","v":[{"rule":"[has(self.name),has(self.selector)].filter(x,x==true).size() == 1","message":"exactly one of the fields in [name selector] must be set"}],"p":{"includeAllKeys":2,"key":3,"name":3,"selector":8}},
{"t":"string","ll":1,"hl":1048576},
{"t":"object","m":"atomic","v":[{"rule":"[has(self.configMap),has(self.secret),has(self.inLine),has(self.useDefaultCAs)].filter(x,x==true).size() == 1","message":"exactly one of the fields in [configMap secret inLine useDefaultCAs] must be set"}],"p":{"configMap":9,"inLine":10,"secret":9,"useDefaultCAs":2}},
{"t":"array","l":"atomic","ln":1,"hn":100,"i":11},
{"t":"string","d":"changeit","ll":1,"hl":128},
{"t":"object","r":["key"],"m":"atomic","lp":1,"p":{"key":3,"password":13}},
{"t":"string","d":"","ll":0,"hl":128},
{"t":"string","e":["LegacyRC2","LegacyDES","Modern2023"]},
{"t":"object","r":["key"],"m":"atomic","lp":1,"p":{"key":3,"password":15,"profile":16}},
{"t":"object","v":[{"rule":"[has(self.jks),has(self.pkcs12)].filter(x,x==true).size() >= 1","message":"at least one of the fields in [jks pkcs12] must be set"}],"p":{"jks":14,"pkcs12":17}},
{"t":"object","lp":1,"a":0},
{"t":"object","lp":1,"p":{"annotations":19,"labels":19}},
{"t":"object","r":["key"],"p":{"key":3,"metadata":20}},
{"t":"object","v":[{"rule":"[has(self.configMap),has(self.secret)].filter(x,x==true).size() >= 1","message":"at least one of the fields in [configMap secret] must be set"}],"p":{"additionalFormats":18,"configMap":21,"namespaceSelector":8,"secret":21}},
{"t":"object","r":["sources"],"p":{"sources":12,"target":22}},
{"t":"string","f":"date-time"},
{"t":"string","hl":32768},
{"t":"integer","f":"int64","lo":0},
{"t":"string","ll":1,"hl":1024,"re":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},
{"t":"string","e":["True","False","Unknown"]},
{"t":"string","hl":316,"re":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"},
{"t":"object","r":["lastTransitionTime","message","reason","status","type"],"p":{"lastTransitionTime":24,"message":25,"observedGeneration":26,"reason":27,"status":28,"type":29}},
{"t":"array","l":"map","k":["type"],"ln":0,"hn":10,"i":30},
{"t":"object","lp":1,"p":{"conditions":31,"defaultCAVersion":3}},
{"t":"object","r":["spec"],"p":{"apiVersion":0,"kind":0,"metadata":1,"spec":23,"status":32}}
],
"definitions":[
{"spec":{"group":"trust.cert-manager.io","names":{"kind":"Bundle","listKind":"BundleList","plural":"bundles","singular":"bundle"},"scope":"Cluster","versions":[{"additionalPrinterColumns":[{"jsonPath":".spec.target.configMap.key","name":"ConfigMap Target","type":"string"},{"jsonPath":".spec.target.secret.key","name":"Secret Target","type":"string"},{"jsonPath":".status.conditions[?(@.type == \"Synced\")].status","name":"Synced","type":"string"},{"jsonPath":".status.conditions[?(@.type == \"Synced\")].reason","name":"Reason","type":"string"},{"jsonPath":".metadata.creationTimestamp","name":"Age","type":"date"}],"name":"v1alpha1","schema":33,"served":true,"storage":true,"subresources":{"status":{}}}]}}
]}`,
};
