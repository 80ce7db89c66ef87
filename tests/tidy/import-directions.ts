// Imports go only to rooms of a lower rank, and only through their door.

import { resolvedImports, type ResolvedImport } from "./resolve-import.ts";
import { doorOf, RANKS, roomOf, WALLS } from "./rooms.ts";
import { isTestFile, isTypeScript, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

const PACKAGE_DOOR = "src/index.ts";

export function checkImportDirections(files: readonly SourceFile[]): readonly Violation[] {
  const sources = files.filter(({ path }) => path.startsWith("src/") && isTypeScript(path));
  return [...checkDoorsExist(sources), ...sources.flatMap(checkFile)];
}

function checkDoorsExist(sources: readonly SourceFile[]): readonly Violation[] {
  const paths = new Set(sources.map(({ path }) => path));
  const rooms = new Set(
    sources.map(({ path }) => roomOf(path)).filter((room) => room !== undefined),
  );
  return [...rooms].flatMap((room) => {
    const place = { file: doorOf(room), line: 1 };
    if (RANKS[room] === undefined) {
      const what = `src/${room}/ is no room`;
      return [
        {
          ...place,
          what,
          instead: "move it into a room, or give it a rank in tests/tidy/rooms.ts",
        },
      ];
    }
    if (paths.has(doorOf(room))) return [];
    const instead = "export there what other rooms may use";
    return [{ ...place, what: `the room ${room} has no door`, instead }];
  });
}

function checkFile(file: SourceFile): readonly Violation[] {
  const room = roomOf(file.path);
  if (room === undefined && file.path !== PACKAGE_DOOR) {
    const what = "a file that belongs to no room";
    return [{ file: file.path, line: 1, what, instead: "move it into a room of src/" }];
  }
  return resolvedImports(file).flatMap((found) => {
    const problem = checkImport(file.path, room, found);
    return problem === undefined ? [] : [{ file: file.path, line: found.line, ...problem }];
  });
}

type Problem = Pick<Violation, "what" | "instead">;

function checkImport(
  path: string,
  room: string | undefined,
  { target, specifier, form }: ResolvedImport,
): Problem | undefined {
  if (target === undefined || isLocation(form, target)) return undefined;
  if (!target.startsWith("src/")) return checkOutside(path, target);
  if (target === PACKAGE_DOOR) {
    // A definition's `import … from "keelson"` is answered by the command that loads it.
    if (room === "cli" && form === "dynamic") return undefined;
    return { what: "imports the package's own door", instead: "import the room's door" };
  }
  const targetRoom = roomOf(target);
  if (targetRoom === undefined) return undefined;
  if (targetRoom === room) return checkInside(path, room, target);
  return checkDirection(room, targetRoom) ?? checkDoor(targetRoom, target, specifier);
}

/** `new URL("../blueprints/", import.meta.url)` names a place; only a module named that way is an import. */
function isLocation(form: ResolvedImport["form"], target: string): boolean {
  return form === "url" && !target.endsWith(".ts");
}

function checkOutside(path: string, target: string): Problem | undefined {
  if (isTestFile(path) && target.startsWith("tests/")) return undefined;
  return {
    what: `imports ${target}, which is not shipped`,
    instead: "move it into a room of src/",
  };
}

function checkInside(path: string, room: string, target: string): Problem | undefined {
  if (target !== doorOf(room) || isTestFile(path)) return undefined;
  return { what: `imports its own door`, instead: "import the file that holds it" };
}

function checkDirection(room: string | undefined, target: string): Problem | undefined {
  if (room === undefined) return undefined;
  const wall = WALLS.find(({ from, to }) => from === room && to.includes(target));
  if (wall !== undefined) {
    return { what: `${room} imports ${target}`, instead: `find another way: ${wall.why}` };
  }
  const [own, other] = [RANKS[room] ?? 0, RANKS[target] ?? Infinity];
  if (other < own) return undefined;
  const relation = other === own ? "its peer" : "the higher room";
  return {
    what: `${room} (rank ${own}) imports ${relation} ${target} (rank ${other})`,
    instead: "move the shared part to a lower room, or pass it in as an argument",
  };
}

function checkDoor(room: string, target: string, specifier: string): Problem | undefined {
  if (target === doorOf(room)) return undefined;
  return {
    what: `imports ${specifier}, inside the room ${room}`,
    instead: `export it from ${doorOf(room)} and import that`,
  };
}
