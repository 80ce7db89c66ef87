import { expect, it } from "vitest";

import { statusError, unlessOvertaken } from "./status.ts";

it.each([
  { name: "somebody else has written it", reason: "Conflict" },
  { name: "it has gone", reason: "NotFound" },
] as const)("a write comes to nothing when $name", async ({ reason }) => {
  expect(await unlessOvertaken(Promise.reject(statusError(reason, "")))).toBeUndefined();
});

it.each([
  { name: "what is refused", error: statusError("Forbidden", "may not") },
  { name: "a bug", error: new TypeError("a bug") },
])("a write says $name", async ({ error }) => {
  await expect(unlessOvertaken(Promise.reject(error))).rejects.toBe(error);
});

it("a write answers what was written", async () => {
  expect(await unlessOvertaken(Promise.resolve("written"))).toBe("written");
});
