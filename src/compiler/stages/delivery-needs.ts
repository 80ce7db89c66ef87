// What a folder or chart needs to be there before it arrives: namespaces before what lives in them, definitions before what is of
// their kind, and whoever changes pods as they are made before those pods. What holds namespaces waits for nothing, so there is
// never a circle; what else lies in its folder may come later.

import { groupBy } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { parseApiVersion } from "../../kubernetes/index.ts";
import type {
  AnyComponent,
  CompiledChart,
  CompiledObject,
  DeliveryNeeds,
  PlannedCluster,
  Registry,
} from "../../model/index.ts";

export interface NeedsInput {
  readonly areas: ReadonlyMap<string, readonly CompiledObject[]>;
  readonly charts: readonly CompiledChart[];
  readonly cluster: Pick<PlannedCluster, "workloads">;
  readonly registry: Registry;
}

export interface NeedsFinder {
  ofFolder(area: string): DeliveryNeeds;
  ofChart(chart: Pick<CompiledChart, "name">): DeliveryNeeds;
}

/** The last part of the folder: `apps/storefront` is `storefront` to its engine. */
export function folderName(area: string): string {
  return area.slice(area.indexOf("/") + 1).replaceAll("/", "-");
}

export function needsFinder(input: NeedsInput): NeedsFinder {
  const { charts } = input;
  const plain = plainNeeds(input);
  const before = new Map<string, DeliveryNeeds>();
  const open = new Set<string>();
  for (const chart of charts) {
    if (!plain.injectors.has(chart.name)) continue;
    const { needs, isWhole } = beforeInjector(chart, input, plain);
    before.set(chart.name, needs);
    if (!isWhole) open.add(chart.name);
  }
  /** Who cannot be waited for until it is well is waited for until it is there. */
  const settled = ({ charts: kinds, injectors = [], ...rest }: DeliveryNeeds): DeliveryNeeds => ({
    ...rest,
    charts: sortedSet([...kinds, ...injectors.filter((name) => open.has(name))]),
    ...someOf(injectors.filter((name) => !open.has(name))),
  });
  return {
    ofFolder: (area) => settled(plain.folders.get(folderName(area)) ?? NOTHING),
    ofChart: ({ name }) => settled(before.get(name) ?? plain.charts.get(name) ?? NOTHING),
  };
}

const NOTHING: DeliveryNeeds = { folders: [], charts: [] };

interface PlainNeeds {
  /** By name. */
  readonly folders: ReadonlyMap<string, DeliveryNeeds>;
  readonly charts: ReadonlyMap<string, DeliveryNeeds>;
  /** Of charts whose webhooks change pods. */
  readonly injectors: ReadonlySet<string>;
  /** API group → charts that bring it. */
  readonly chartsOf: ReadonlyMap<string, readonly string[]>;
}

function plainNeeds({ areas, charts, cluster, registry }: NeedsInput): PlainNeeds {
  const homes = new Map<string, string>();
  for (const [area, objects] of areas)
    for (const { object } of objects)
      if (object.kind === "Namespace") homes.set(object.metadata.name, folderName(area));
  const holders = new Set(homes.values());
  const injectorsOf = injectorsFinder(charts, cluster, registry);
  const injectors = new Set([...injectorCharts(charts, registry).values()].flat());
  const chartsOf = chartsByGroup(charts, registry, injectors);
  const homesOf = (names: readonly (string | undefined)[]): string[] =>
    sortedSet(names.flatMap((name) => homes.get(name ?? "") ?? []));
  const folders = [...areas].map(([area, objects]) => {
    const name = folderName(area);
    const needed = objects.flatMap(({ object }) => chartsOf.get(groupOf(object)) ?? []);
    if (holders.has(name)) {
      const later = sortedSet(needed);
      return [name, { ...NOTHING, ...(later.length === 0 ? {} : { later }) }] as const;
    }
    const needs: DeliveryNeeds = {
      folders: homesOf(objects.map(({ object }) => object.metadata.namespace)),
      charts: sortedSet(needed),
      ...someOf(injectorsOf(objects.map(placeOf))),
    };
    return [name, needs] as const;
  });
  const releases = charts.map((chart) => {
    const own = someOf(injectors.has(chart.name) ? [] : injectorsOf([placeOfChart(chart)]));
    return [chart.name, { folders: homesOf([chart.namespace]), charts: [], ...own }] as const;
  });
  return { folders: new Map(folders), charts: new Map(releases), injectors, chartsOf };
}

const someOf = (injectors: readonly string[]): Pick<DeliveryNeeds, "injectors"> =>
  injectors.length === 0 ? {} : { injectors };

/**
 * Others wait until it is well, so what its own pods start with comes before it: what pods can use in its namespace, and the
 * classes they may be of. A folder that waits for it in turn cannot come first; then it is not whole.
 */
function beforeInjector(
  { name, namespace }: CompiledChart,
  { areas, registry }: NeedsInput,
  plain: PlainNeeds,
): { readonly needs: DeliveryNeeds; readonly isWhole: boolean } {
  const makers = new Set(registry.components.filter(makesSecrets).map((one) => one.name));
  const isUsed = ({ object, origin }: CompiledObject): boolean =>
    object.kind === "PriorityClass" ||
    (object.metadata.namespace === namespace &&
      (!plain.chartsOf.has(groupOf(object)) || makers.has(origin.component)));
  const wanted = [...areas]
    .filter(([, objects]) => objects.some(isUsed))
    .map(([area]) => folderName(area));
  const possible = wanted.filter((folder) => !waitsFor(folder, name, plain));
  const own = plain.charts.get(name) ?? NOTHING;
  return {
    needs: { ...own, folders: sortedSet([...own.folders, ...possible]) },
    isWhole: possible.length === wanted.length,
  };
}

/** Of their kinds Secrets are made. */
const makesSecrets = (component: AnyComponent): boolean =>
  component.family === "slot" && ["certificates", "secrets"].includes(component.slot);

function waitsFor(folder: string, chart: string, { folders, charts }: PlainNeeds): boolean {
  const { charts: kinds, injectors = [] } = folders.get(folder) ?? NOTHING;
  const direct = [...kinds, ...injectors];
  return (
    direct.includes(chart) ||
    direct.some((one) => (charts.get(one)?.injectors ?? []).includes(chart))
  );
}

/** Whose pods something holds: a component's, in a namespace. */
interface Place {
  readonly component: string;
  readonly namespace: string;
}

const placeOf = ({ object, origin }: CompiledObject): Place => ({
  component: origin.component,
  namespace: object.metadata.namespace ?? "",
});
const placeOfChart = ({ origin, namespace }: CompiledChart): Place => ({
  component: origin.component,
  namespace,
});

/** Charts that change pods of these places as they are made, sorted. */
function injectorsFinder(
  charts: readonly CompiledChart[],
  { workloads }: NeedsInput["cluster"],
  registry: Registry,
): (places: readonly Place[]) => string[] {
  const chartsOf = injectorCharts(charts, registry);
  const injected = workloads.filter(({ injectedBy = [] }) => injectedBy.length > 0);
  const byPlace = groupBy(injected, ({ component, namespace }) => `${component}/${namespace}`);
  return (places) =>
    sortedSet(
      [...new Set(places.map(({ component, namespace }) => `${component}/${namespace}`))]
        .flatMap((place) => byPlace.get(place) ?? [])
        .flatMap(({ injectedBy = [] }) => injectedBy)
        .flatMap((component) => chartsOf.get(component) ?? []),
    );
}

/** Component → those of its charts that are installed and change pods. */
function injectorCharts(
  charts: readonly CompiledChart[],
  { components }: Registry,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const component of components) {
    const names = "injectors" in component ? (component.injectors ?? []) : [];
    const own = charts.filter(({ origin }) => origin.component === component.name);
    const there = own.map(({ name }) => name).filter((name) => names.includes(name));
    if (there.length > 0) found.set(component.name, there);
  }
  return found;
}

/** API group → charts of the components that bring its definitions; where there are others, not those that change pods. */
function chartsByGroup(
  charts: readonly CompiledChart[],
  { components }: Registry,
  injectors: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const component of components) {
    const groups = "apiGroups" in component ? (component.apiGroups ?? []) : [];
    const own = charts.filter(({ origin }) => origin.component === component.name);
    const plain = own.filter(({ name }) => !injectors.has(name));
    for (const { name } of plain.length === 0 ? own : plain)
      for (const group of groups) found.set(group, [...(found.get(group) ?? []), name]);
  }
  return found;
}

const groupOf = ({ apiVersion }: KubernetesObject): string => parseApiVersion(apiVersion).group;
const sortedSet = (names: readonly string[]): string[] => [...new Set(names)].toSorted();
