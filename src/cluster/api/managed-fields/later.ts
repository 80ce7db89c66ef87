// Managed fields that are worked out when somebody looks at them. The cluster's own controllers write most of what is
// written and never ask who set what: a pod that is created, bound and started is compared three times for nobody.

import type { KubernetesObject, ManagedFieldsEntry } from "../../../kubernetes/index.ts";
import { FREEZES_ITSELF } from "../../store/freeze.ts";

type Entries = readonly ManagedFieldsEntry[];

/** Notes that wait on each other before the oldest is worked out: what they compare is held until then. */
const WAITING_MAX = 8;

/** The traps through which anybody can look at a list. */
class Note implements ProxyHandler<ManagedFieldsEntry[]> {
  #work: ((from: Entries | undefined) => Entries) | undefined;
  #from: Entries | undefined;
  #entries: Entries | undefined;
  readonly #list: ManagedFieldsEntry[];
  #depth: number;

  constructor(
    list: ManagedFieldsEntry[],
    from: Entries | undefined,
    work: (from: Entries | undefined) => Entries,
  ) {
    this.#list = list;
    this.#from = from;
    this.#work = work;
    const before = noteOf(from);
    if (before !== undefined && before.#depth >= WAITING_MAX) before.entries();
    this.#depth = before === undefined ? 1 : before.#depth + 1;
  }

  entries(): Entries {
    const work = this.#work;
    if (work !== undefined) {
      this.#entries = work(settledFields(this.#from));
      this.#work = undefined;
      this.#from = undefined;
      this.#depth = 0;
      this.#list.push(...this.#entries);
      Object.freeze(this.#list);
    }
    return this.#entries ?? [];
  }

  #filled(): ManagedFieldsEntry[] {
    this.entries();
    return this.#list;
  }

  get(_list: unknown, key: string | symbol): unknown {
    if (key === NOTE) return this;
    if (key === FREEZES_ITSELF) return true;
    return Reflect.get(this.#filled(), key);
  }
  has(_list: unknown, key: string | symbol): boolean {
    return Reflect.has(this.#filled(), key);
  }
  ownKeys(): (string | symbol)[] {
    return Reflect.ownKeys(this.#filled());
  }
  getOwnPropertyDescriptor(_list: unknown, key: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#filled(), key);
  }
  isExtensible(): boolean {
    return Reflect.isExtensible(this.#filled());
  }
  preventExtensions(): boolean {
    return Reflect.preventExtensions(this.#filled());
  }
}

/** Asks a list for what fills it; others have none. A list in every write would make a table of all of them long. */
const NOTE = Symbol("note");

function noteOf(fields: Entries | undefined): Note | undefined {
  return (fields as { readonly [NOTE]?: Note } | undefined)?.[NOTE];
}

/** A list like any other that is filled, and frozen, at the first look; `work` gets the plain form of `from`. */
export function laterFields(
  from: Entries | undefined,
  work: (from: Entries | undefined) => Entries,
): Entries {
  const list: ManagedFieldsEntry[] = [];
  return new Proxy<ManagedFieldsEntry[]>(list, new Note(list, from, work));
}

export function isLater(fields: Entries | undefined): boolean {
  return noteOf(fields) !== undefined;
}

/** The entries themselves, shared between objects that were written alike. */
export function settledFields(fields: Entries | undefined): Entries | undefined {
  const note = noteOf(fields);
  return note === undefined ? fields : note.entries();
}

/** For readers who may do what they like with what they get; the same object every time. */
export function withSettledFields(object: KubernetesObject): KubernetesObject {
  const { managedFields } = object.metadata;
  const note = noteOf(managedFields);
  if (note === undefined) return object;
  let settled = settledObjects.get(object);
  if (settled === undefined) {
    const metadata = Object.freeze({ ...object.metadata, managedFields: note.entries() });
    settled = Object.freeze({ ...object, metadata });
    settledObjects.set(object, settled);
  }
  return settled;
}

const settledObjects = new WeakMap<KubernetesObject, KubernetesObject>();
