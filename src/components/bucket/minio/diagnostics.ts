// What using MinIO means today.

import { defineDiagnostic } from "../../../core/index.ts";

export const minioUnmaintained = defineDiagnostic<Record<never, never>>({
  code: "component/unmaintained",
  severity: "warning",
  message: () =>
    "MinIO is no longer maintained: its last published image is of September 2025, its repository says so since 2026-02-12",
  hint: () => "write seaweedfs() instead; apps see the same variables",
});

export const expiryNotSupported = defineDiagnostic<{ readonly bucket: string }>({
  code: "bucket/expiry-not-supported",
  severity: "error",
  message: ({ bucket }) =>
    `bucket ${bucket} wants objects removed by age, which this provider's set-up does not configure`,
  hint: () => "leave expireAfter out, or write seaweedfs()",
});
