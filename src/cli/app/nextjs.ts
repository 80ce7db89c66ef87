// A frontend: Next.js with its app router, built to stand alone, with what the platform asks of every app: health, readiness, metrics.

import type { AppKind } from "./add-app.ts";

const PACKAGE = (name: string): string =>
  `${JSON.stringify(
    {
      name,
      version: "0.1.0",
      private: true,
      packageManager: "pnpm@10.0.0",
      scripts: { dev: "next dev", build: "next build", start: "next start", types: "tsc" },
      dependencies: {
        next: "^15.0.0",
        "prom-client": "^15.1.0",
        react: "^19.0.0",
        "react-dom": "^19.0.0",
      },
      devDependencies: {
        "@types/node": "^22.0.0",
        "@types/react": "^19.0.0",
        typescript: "^5.6.0",
      },
    },
    undefined,
    2,
  )}\n`;

const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      target: "ES2022",
      lib: ["dom", "dom.iterable", "esnext"],
      strict: true,
      noEmit: true,
      module: "esnext",
      moduleResolution: "bundler",
      esModuleInterop: true,
      isolatedModules: true,
      jsx: "preserve",
      incremental: true,
      plugins: [{ name: "next" }],
    },
    include: ["next-env.d.ts", "**/*.ts", "**/*.tsx", ".next/types/**/*.ts"],
    exclude: ["node_modules"],
  },
  undefined,
  2,
)}\n`;

const LAYOUT = `import type { ReactNode } from "react";

export const metadata = { title: "NAME" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
`;

const PAGE = `export default function Page() {
  return <h1>NAME</h1>;
}
`;

/** `force-dynamic`: answered by the running server, never at build time. */
const answer = (comment: string, body: string): string => `// ${comment}
export const dynamic = "force-dynamic";

export function GET(): Response {
  return ${body};
}
`;

const METRICS = `import { collectDefaultMetrics, register } from "prom-client";

export const dynamic = "force-dynamic";

if (register.getMetricsAsArray().length === 0) collectDefaultMetrics();

export async function GET(): Promise<Response> {
  return new Response(await register.metrics(), { headers: { "content-type": register.contentType } });
}
`;

const DOCKERFILE = `FROM node:22-slim AS build
WORKDIR /src
RUN corepack enable
COPY package.json pnpm-lock.yaml* ./
RUN pnpm install
COPY . .
RUN pnpm build

# Runs as nobody in particular, on a file system it cannot write to.
FROM node:22-slim
WORKDIR /app
COPY --from=build /src/.next/standalone ./
COPY --from=build /src/.next/static ./.next/static
USER 65532:65532
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000
EXPOSE 3000
CMD ["node", "server.js"]
`;

export const NEXTJS: AppKind = {
  port: 3000,
  files: (name) => ({
    "package.json": PACKAGE(name),
    "tsconfig.json": TSCONFIG,
    "next.config.mjs": 'export default { output: "standalone" };\n',
    "app/layout.tsx": LAYOUT.replaceAll("NAME", name),
    "app/page.tsx": PAGE.replaceAll("NAME", name),
    "app/healthz/route.ts": answer(
      "Asked whether the container must be restarted: no dependency may make this fail.",
      'Response.json({ status: "ok" })',
    ),
    "app/readyz/route.ts": answer(
      "Asked whether it may get requests: check here what it cannot answer without.",
      'Response.json({ status: "ready" })',
    ),
    "app/metrics/route.ts": METRICS,
    Dockerfile: DOCKERFILE,
    ".dockerignore": "node_modules\n.next\n",
  }),
};
