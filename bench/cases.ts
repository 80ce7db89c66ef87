// Every benchmark, in the order of the table. Budgets are promises for a machine with two cores.

import { boot, configMaps, configMapsJournalled, podLists, podsOneByOne } from "./api-load.ts";
import { checkSlowest, upOnce } from "./blueprint-commands.ts";
import type { BenchCase } from "./case.ts";
import { cdk8sSynth } from "./cdk8s.ts";
import { keelsonCompile } from "./compile.ts";
import { editToServed } from "./edit-to-served.ts";
import { growth, GROWTH_ROWS } from "./growth.ts";
import { idleWatches } from "./idle-watches.ts";
import { inProcess } from "./in-process.ts";
import { kustomizeCase } from "./kustomize.ts";
import { installedSize } from "./installed-size.ts";
import { proxiedRequests } from "./proxied-requests.ts";

export const CASES: readonly BenchCase[] = [
  compileCase(1_000, 1_000),
  compileCase(10_000, 2_500),
  kustomizeCase(1_000),
  {
    name: "check",
    keelson: checkSlowest,
    rows: [
      { what: "check the largest blueprint", figure: "wallMs", unit: "ms", budget: 1_200 },
      { what: "  memory at most", figure: "peakRssBytes", unit: "bytes" },
    ],
  },
  {
    name: "up",
    keelson: upOnce,
    rows: [
      {
        what: "up: local-first, process start to healthy",
        figure: "wallMs",
        unit: "ms",
        budget: 4_000,
        reference: "k3d + Argo CD: minutes",
      },
      { what: "  memory at most", figure: "peakRssBytes", unit: "bytes" },
    ],
  },
  {
    name: "boot",
    keelson: boot,
    rows: [
      {
        what: "cluster: process start to first HTTPS answer",
        figure: "firstAnswerMs",
        unit: "ms",
        budget: 500,
        reference: "kube-apiserver + etcd 2.2 s (measured apart)",
      },
      {
        what: "  memory at rest",
        figure: "idleBytes",
        unit: "bytes",
        budget: 120e6,
        reference: "520 MB with its controllers (measured apart)",
      },
    ],
  },
  {
    name: "pods-to-ready",
    keelson: inProcess("pods-to-ready"),
    rows: [
      {
        what: "100 Deployments of 100 pods on 1,000 nodes to Ready",
        figure: "readyMs",
        unit: "ms",
        budget: 5_000,
        reference: "real control plane 86 pods/s (measured apart)",
      },
      {
        what: "  memory at most",
        figure: "peakRssBytes",
        unit: "bytes",
        budget: 400e6,
      },
    ],
  },
  {
    name: "idle-day",
    keelson: inProcess("idle-day"),
    rows: [
      {
        what: "24 virtual hours of an idle cluster of 100 nodes",
        figure: "dayMs",
        unit: "ms",
        budget: 3_000,
      },
    ],
  },
  {
    name: "config-maps",
    keelson: configMaps,
    rows: [
      {
        what: "ConfigMap creates over HTTPS, 16 clients, warm, store in memory",
        figure: "createsPerSecond",
        unit: "per second",
        budget: 2_000,
        reference: "kube-apiserver + etcd 482–514/s without fsync (measured apart)",
      },
      { what: "  the first 2,000 of a process", figure: "coldPerSecond", unit: "per second" },
    ],
  },
  {
    name: "config-maps-journalled",
    keelson: configMapsJournalled,
    rows: [
      {
        what: "the same, journalled: on the disk before the answer",
        figure: "createsPerSecond",
        unit: "per second",
        budget: 1_500,
        reference: "kube-apiserver + etcd 482–514/s without fsync (measured apart)",
      },
    ],
  },
  {
    name: "pod-lists",
    keelson: podLists,
    rows: [
      {
        what: "list of 2,000 pods over HTTPS",
        figure: "aloneMs",
        unit: "ms",
        budget: 60,
        reference: "kube-apiserver + etcd 181–249 ms (measured apart)",
      },
      { what: "  as each of 16 clients at once sees it", figure: "togetherMs", unit: "ms" },
    ],
  },
  {
    name: "pods-one-by-one",
    keelson: podsOneByOne,
    rows: [
      {
        what: "10,000 pods created over HTTPS by 16 clients, 1,000 nodes",
        figure: "createMs",
        unit: "ms",
        budget: 20_000,
        reference: "kube-apiserver + etcd 95 creates/s (measured apart)",
      },
      { what: "  memory afterwards", figure: "residentBytes", unit: "bytes" },
    ],
  },
  {
    name: "idle-watches",
    keelson: idleWatches,
    rows: [
      {
        what: "5,000 idle watches on 10 HTTP/2 connections",
        figure: "watchesBytes",
        unit: "bytes",
        budget: 100e6,
      },
      { what: "  opening them", figure: "openMs", unit: "ms" },
    ],
  },
  proxiedRequests,
  editToServed,
  { name: "growth", keelson: growth, rows: GROWTH_ROWS },
  {
    name: "install",
    keelson: installedSize,
    rows: [
      {
        what: "installed package and production dependencies",
        figure: "installedBytes",
        unit: "bytes",
        budget: 20e6,
        reference: "cdk8s-plus 26 MB, Pulumi 143 MB (npm install, 2026-11)",
      },
    ],
  },
];

function compileCase(objects: number, budgetMs: number): BenchCase {
  const count = objects.toLocaleString("en-US");
  return {
    name: `compile-${objects}`,
    keelson: keelsonCompile(objects),
    peer: cdk8sSynth(objects),
    rows: [
      { what: `compile ${count} objects`, figure: "wallMs", unit: "ms", budget: budgetMs },
      { what: `  memory at most`, figure: "peakRssBytes", unit: "bytes" },
      { what: `  objects written`, figure: "objects", unit: "count" },
    ],
  };
}
