// Every module a file refers to by a literal: imports, re-exports, `import()`, and files started through `new URL(…, import.meta.url)`.

import { nodeField, type SyntaxNode, textField, walkSyntax } from "./parse-source.ts";

export interface ModuleImport {
  /** As written: `../core/index.ts`, `node:fs`, `yaml`. */
  readonly specifier: string;
  readonly line: number;
  readonly form: "import" | "export" | "dynamic" | "url";
  /** True when nothing is left of it at run time. */
  readonly typeOnly: boolean;
}

export function findImports(program: SyntaxNode): readonly ModuleImport[] {
  const imports: ModuleImport[] = [];
  walkSyntax(program, (node) => {
    const found = readImport(node);
    if (found !== undefined) imports.push(found);
  });
  return imports;
}

function readImport(node: SyntaxNode): ModuleImport | undefined {
  switch (node.type) {
    case "ImportDeclaration":
      return describe(node, nodeField(node, "source"), "import", node["importKind"] === "type");
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      return describe(node, nodeField(node, "source"), "export", node["exportKind"] === "type");
    case "TSImportType":
      return describe(node, nodeField(node, "argument"), "import", true);
    case "ImportExpression":
      return describe(node, nodeField(node, "source"), "dynamic", false);
    case "CallExpression":
      if (nodeField(node, "callee")?.type !== "Import") return undefined;
      return describe(node, firstArgument(node), "dynamic", false);
    case "NewExpression":
      if (!isModuleUrl(node)) return undefined;
      return describe(node, firstArgument(node), "url", false);
    default:
      return undefined;
  }
}

function describe(
  node: SyntaxNode,
  source: SyntaxNode | undefined,
  form: ModuleImport["form"],
  typeOnly: boolean,
): ModuleImport | undefined {
  const literal = source?.type === "TSLiteralType" ? nodeField(source, "literal") : source;
  if (literal?.type !== "StringLiteral") return undefined;
  const specifier = textField(literal, "value") ?? "";
  return { specifier, line: node.loc.start.line, form, typeOnly };
}

/** `new URL("./worker.ts", import.meta.url)`: the only way a worker's file is named. */
function isModuleUrl(node: SyntaxNode): boolean {
  const base = nodeArguments(node)[1];
  return (
    textField(nodeField(node, "callee"), "name") === "URL" &&
    base?.type === "MemberExpression" &&
    nodeField(base, "object")?.type === "MetaProperty"
  );
}

function firstArgument(node: SyntaxNode): SyntaxNode | undefined {
  return nodeArguments(node)[0];
}

function nodeArguments(node: SyntaxNode): readonly SyntaxNode[] {
  const list = node["arguments"];
  return Array.isArray(list) ? list : [];
}
