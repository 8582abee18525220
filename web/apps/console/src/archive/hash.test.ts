import { describe, expect, it } from "vitest";

import type { Bundle } from "@tongtai/api-client";

import { bundleHash } from "./hash";

const PARTS = [
  { name: "mdt.json", media_type: "application/json", sha256: "a".repeat(64), size_bytes: 12 },
  { name: "papers/会诊意见-v1.pdf", media_type: "application/pdf", sha256: "b".repeat(64), size_bytes: 3456 },
];
const BUNDLE = {
  number: 2,
  made_at: "2026-05-01T08:30:15.123456Z",
  reason: "补充“病理”",
  previous_sha256: "c".repeat(64),
} as Bundle;

describe("the hash of what arrived", () => {
  it("is the server's own for the same parts", async () => {
    // Computed by tongtai.features.archive.model.Bundle for the same values.
    expect(await bundleHash("case_1", BUNDLE, PARTS)).toBe(
      "ddd0482781049e12af928bea4728a6833ea1e4c1cd18d0734e62a2b70bab8921",
    );
  });

  it("differs when one byte of a part differs", async () => {
    const [first, second] = PARTS;
    const changed = [{ ...first, sha256: `b${"a".repeat(63)}` }, second] as typeof PARTS;
    expect(await bundleHash("case_1", BUNDLE, changed)).not.toBe(await bundleHash("case_1", BUNDLE, PARTS));
  });
});
