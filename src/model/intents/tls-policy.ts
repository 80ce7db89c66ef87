// How much of a request's way has to be encrypted, as a person writes and reads it.

import { oneOf } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { string } from "../schema/string.ts";

export interface TlsPolicy {
  /** `strict`: a hop of a request's way in plain text is an error. `listed`: `keelson graph -o hops` shows it. Default `listed`. */
  hops?: "listed" | "strict";
  /** Where plain text is allowed all the same. Default: nowhere. */
  except?: PlainHop[];
}

export interface PlainHop {
  /** Where the hop ends, as `graph -o hops` names it: "data/orders". */
  to: string;
  /** Why, for who reviews it. */
  reason: string;
}

export interface TlsSettings {
  readonly hops: "listed" | "strict";
  readonly except: readonly PlainHop[];
}

export const tlsSchema = object<TlsPolicy, TlsSettings>({
  hops: optional(oneOf(["listed", "strict"]), "listed"),
  except: optional(list(object<PlainHop>({ to: string("text"), reason: string("text") })), []),
});
