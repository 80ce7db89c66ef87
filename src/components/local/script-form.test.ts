// Scripts of jobs as processes: what is meant below a mount is found there, everything else stays as it was.

import { describe, expect, it } from "vitest";

import { isImage } from "./pod-of.ts";
import { belowRoot, scriptForm } from "./script-form.ts";

describe("paths of mounts in scripts", () => {
  const MOUNTS = ["/data", "/data/in", "/tmp"];
  it.each([
    ["a path", "cat /data/x", "cat $R/data/x"],
    ["a quoted path", 'ls "/data"', 'ls "$R/data"'],
    ["the longer mount", "cat /data/in/x", "cat $R/data/in/x"],
    ["a redirection", "dump >/tmp/x", "dump >$R/tmp/x"],
    ["an option", "--to=/data/x", "--to=$R/data/x"],
    ["a path that only begins alike", "cat /database /data-old", "cat /database /data-old"],
    ["a path with the mount inside", "cat /srv/data/x", "cat /srv/data/x"],
    ["an address", "curl http://host/data", "curl http://host/data"],
  ])("%s", (_name, script, expected) => {
    expect(belowRoot(script, MOUNTS, "$R")).toBe(expected);
  });

  it("are said to the shell in scripts and to the agent elsewhere", () => {
    const container = {
      name: "copy",
      command: ["/bin/sh", "-ec", "cp /data/a /data/b", "/data/c"],
      volumeMounts: [{ name: "data", mountPath: "/data" }],
    };
    expect(scriptForm(container, { path: "/tools" })).toEqual({
      command: [
        "/bin/sh",
        "-ec",
        "cp $KEELSON_ROOT/data/a $KEELSON_ROOT/data/b",
        "$(KEELSON_ROOT)/data/c",
      ],
      directory: "/",
      environment: { PATH: "/tools" },
    });
    expect(scriptForm({ name: "server" }, { path: "/tools" })).toBeUndefined();
  });
});

describe("images", () => {
  it.each([
    ["docker.io/library/postgres:18.6", "postgres", true],
    ["postgres:18", "postgres", true],
    ["registry:5000/mine/postgres@sha256:00", "postgres", true],
    ["docker.io/library/postgres-exporter:1", "postgres", false],
  ])("%s is %s: %s", (image, repository, expected) => {
    expect(isImage({ name: "one", image }, repository)).toBe(expected);
  });
});
