// Which texts are paths of mounts.

import { expect, test } from "vitest";

import { mountRewriter } from "./mount-paths.ts";

const rewrite = mountRewriter(
  {
    volumeMounts: [
      { name: "config", mountPath: "/etc/app/" },
      { name: "data", mountPath: "/data" },
    ],
  },
  "/state/root",
);

test.each([
  { name: "the mount itself", text: "/data", want: "/state/root/data" },
  { name: "a file in it", text: "/etc/app/x.yaml", want: "/state/root/etc/app/x.yaml" },
  {
    name: "a value of an option",
    text: "--config=/etc/app/x",
    want: "--config=/state/root/etc/app/x",
  },
  { name: "a file URL", text: "file:///data/x", want: "file:///state/root/data/x" },
  { name: "a name that only begins alike", text: "/database", want: "/database" },
  { name: "a path elsewhere", text: "/usr/bin/env", want: "/usr/bin/env" },
  { name: "a program that mentions one", text: "cat /data/x", want: "cat /data/x" },
  { name: "the path of a URL", text: "http://host/data/x", want: "http://host/data/x" },
])("$name", ({ text, want }) => {
  expect(rewrite(text)).toBe(want);
});
