// A person at the page of the reference application, in a real browser: places an order, and finds it again after a pod was
// killed and after the platform was started anew. Run by `make test-browser`, which names the browser.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createHttpsApi, readKubeconfig, refOf } from "../../src/kubernetes/index.ts";
import { requireBuild, startKeelson, type RunningCommand } from "../e2e/keelson-process.ts";

interface UpResult {
  readonly outcome: string;
  readonly ingress: { readonly http: number };
}

/** Looked up by the browser itself, without any resolver. */
const HOST = "storefront.localhost";

let folder: string;
let running: RunningCommand;
let browser: Browser;
let page: Page;
let url: string;

async function up(): Promise<void> {
  const ports = ["--port", "0", "--http-port", "0", "--https-port", "0"];
  const blueprint = ["--blueprint", "local-first", "--env", "dev"];
  running = startKeelson(folder, "up", ...blueprint, "-o", "json", "--timeout", "200", ...ports);
  const result = JSON.parse(await running.printed("\n}\n")) as UpResult;
  expect(result.outcome).toBe("healthy");
  url = `http://${HOST}:${result.ingress.http}/`;
}

async function down(): Promise<void> {
  running.signal("SIGINT");
  await running.ended;
}

async function order(customer: string): Promise<void> {
  await page.getByLabel("E-mail").fill(customer);
  await page.getByLabel("Quantity").fill("2");
  await page.getByRole("button", { name: "Place order" }).click();
  await page.getByRole("status").waitFor();
}

const listed = (customer: string): Promise<number> => page.getByText(customer).count();

/** Reloads until the page shows it; the test's timeout ends a wait for nothing. */
async function untilListed(customer: string): Promise<void> {
  for (;;) {
    const answer = await page.goto(url).catch(() => null);
    if (answer?.ok() === true && (await listed(customer)) > 0) return;
    await page.waitForTimeout(200);
  }
}

beforeAll(async () => {
  await requireBuild();
  folder = mkdtempSync(join(tmpdir(), "keelson-browser-"));
  // Containers and root have no user namespaces for Chromium's sandbox.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const executablePath = process.env["KEELSON_BROWSER"] ?? "chromium";
  browser = await chromium.launch({ executablePath, args });
  page = await browser.newPage();
  await up();
});

afterAll(async () => {
  await browser?.close();
  await down();
  rmSync(folder, { recursive: true, force: true });
});

describe("the storefront in a browser", () => {
  it("takes an order and lists it", async () => {
    await page.goto(url);
    expect(await page.title()).toBe("Harbour shop");
    await order("ada@example.com");
    expect(await listed("ada@example.com")).toBeGreaterThan(0);
  });

  it("says what is wrong with a field, beside the field", async () => {
    await page.goto(url);
    // The browser's own check of addresses would keep the form from being sent.
    await page
      .locator("form[action='/orders']")
      .evaluate((form) => form.setAttribute("novalidate", ""));
    await page.getByLabel("E-mail").fill("nobody");
    await page.getByRole("button", { name: "Place order" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByLabel("E-mail").getAttribute("aria-invalid")).toBe("true");
  });

  it("lists the order after its pod was killed", async () => {
    const api = createHttpsApi(
      readKubeconfig(readFileSync(join(folder, ".keelson", "kubeconfig"), "utf8")),
    );
    const pods = await api.list({ apiVersion: "v1", kind: "Pod" }, { namespace: "storefront" });
    for (const pod of pods.items) await api.delete(refOf(pod));
    await untilListed("ada@example.com");
  });

  it("lists the order after the platform was started anew", async () => {
    await down();
    await up();
    await untilListed("ada@example.com");
  });
});
