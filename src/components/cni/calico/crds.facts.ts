// Facts transcribed from projectcalico/calico v3.32.1 (2026-06-24) by `npm run facts`. Generated: change the script, not this file.

import type { FactText } from "../../../kubernetes/index.ts";

export const calicoCrdFacts: FactText = {
  source: "projectcalico/calico v3.32.1",
  date: "2026-06-24",
  text: String.raw`{"nodes":[
{"t":"string"},
{"t":"object"},
{"t":"boolean"},
{"t":"string","e":["Allow","Deny","Log","Pass"]},
{"t":"array","l":"set","i":0},
{"t":"array","i":0},
{"t":"integer"},
{"x":1,"re":"^.*","any":[6,0]},
{"t":"array","i":7},
{"t":"object","p":{"names":4,"selector":0}},
{"t":"object","p":{"name":0,"namespace":0}},
{"t":"object","p":{"namespaceSelector":0,"nets":4,"notNets":5,"notPorts":8,"notSelector":0,"ports":8,"selector":0,"serviceAccounts":9,"services":10}},
{"t":"array","hn":20,"i":0},
{"t":"string","hl":1024},
{"t":"object","p":{"exact":13,"prefix":13}},
{"t":"array","hn":20,"i":14},
{"t":"object","p":{"methods":12,"paths":15}},
{"t":"integer","lo":0,"hi":255},
{"t":"integer","lo":0,"hi":254},
{"t":"object","v":[{"rule":"!has(self.code) || has(self.type)","message":"ICMP code specified without an ICMP type","reason":"FieldValueInvalid"}],"p":{"code":17,"type":18}},
{"t":"integer","e":[4,6]},
{"t":"object","a":0},
{"t":"object","p":{"annotations":21}},
{"t":"object","r":["action"],"v":[{"rule":"!has(self.http) || !has(self.protocol) || self.protocol == 'TCP' || self.protocol == 6","message":"rules with HTTP match must have protocol TCP or unset","reason":"FieldValueInvalid"},{"rule":"self.action == 'Allow' || !has(self.http)","message":"HTTP match is only valid on Allow rules","reason":"FieldValueForbidden"},{"rule":"!has(self.destination) || !has(self.destination.services) || (!has(self.destination.ports) || size(self.destination.ports) == 0) && (!has(self.destination.notPorts) || size(self.destination.notPorts) == 0)","message":"ports and notPorts cannot be specified with services","reason":"FieldValueForbidden"}],"p":{"action":3,"destination":11,"http":16,"icmp":19,"ipVersion":20,"metadata":22,"notICMP":19,"notProtocol":7,"protocol":7,"source":11}},
{"t":"array","i":23},
{"t":"number"},
{"t":"string","e":["AssumeNeededOnEveryNode"]},
{"t":"array","i":26},
{"t":"string","d":"default"},
{"t":"string","e":["Ingress","Egress"]},
{"t":"array","l":"set","ln":1,"hn":2,"i":29},
{"t":"object","v":[{"rule":"!((has(self.doNotTrack) && self.doNotTrack) && (has(self.preDNAT) && self.preDNAT))","message":"preDNAT and doNotTrack cannot both be true","reason":"FieldValueForbidden"},{"rule":"(!has(self.preDNAT) || !self.preDNAT) || !has(self.egress) || size(self.egress) == 0","message":"preDNAT policy cannot have any egress rules","reason":"FieldValueForbidden"},{"rule":"(!has(self.preDNAT) || !self.preDNAT) || !has(self.types) || !self.types.exists(t, t == 'Egress')","message":"preDNAT policy cannot have 'Egress' type","reason":"FieldValueForbidden"},{"rule":"(has(self.applyOnForward) && self.applyOnForward) || ((!has(self.doNotTrack) || !self.doNotTrack) && (!has(self.preDNAT) || !self.preDNAT))","message":"applyOnForward must be true if either preDNAT or doNotTrack is true","reason":"FieldValueInvalid"}],"p":{"applyOnForward":2,"doNotTrack":2,"egress":24,"ingress":24,"namespaceSelector":0,"order":25,"performanceHints":27,"preDNAT":2,"selector":0,"serviceAccountSelector":0,"tier":28,"types":30}},
{"t":"object","r":["metadata","spec"],"p":{"apiVersion":0,"kind":0,"metadata":1,"spec":31}}
],
"definitions":[
{"spec":{"group":"projectcalico.org","names":{"kind":"GlobalNetworkPolicy","listKind":"GlobalNetworkPolicyList","plural":"globalnetworkpolicies","shortNames":["gnp","cgnp"],"singular":"globalnetworkpolicy"},"scope":"Cluster","versions":[{"additionalPrinterColumns":[{"jsonPath":".spec.tier","name":"Tier","type":"string"},{"jsonPath":".spec.order","name":"Order","type":"number"},{"jsonPath":".metadata.creationTimestamp","name":"Age","type":"date"}],"name":"v3","schema":32,"selectableFields":[{"jsonPath":".spec.tier"}],"served":true,"storage":true,"subresources":{}}]}}
]}`,
};
