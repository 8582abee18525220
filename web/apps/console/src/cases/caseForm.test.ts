import { describe, expect, it } from "vitest";

import { changesOf, fieldsOf, wireOf } from "./caseForm";

const stored = {
  technique: "rfa",
  lesion: "S7 · 28 mm",
  scheduled_at: "2026-05-20T01:30:00.000Z",
  patient: { name: "王小明", sex: "M", birth_date: "1957-03-02", hospital_number: "88" },
} as const;

describe("a case in a form", () => {
  it("comes back as it went in", () => {
    expect(wireOf(fieldsOf(stored))).toEqual(stored);
  });

  it("comes back from a draft, which is JSON, with nothing lost", () => {
    const draft = JSON.parse(JSON.stringify(fieldsOf(stored))) as Record<string, unknown>;
    expect(wireOf(fieldsOf(draft)).lesion).toBe(stored.lesion);
    expect(wireOf(fieldsOf(draft)).scheduled_at).toBe(stored.scheduled_at);
  });

  it("takes a day that is no day for not given, and no draft for no fields", () => {
    expect(fieldsOf({ scheduled_at: "soon" }).scheduled_at).toBeUndefined();
    expect(fieldsOf(null)).toEqual({});
  });

  it("sends only what has changed", () => {
    expect(changesOf(stored, { ...stored, lesion: "S8 · 30 mm" })).toEqual({ lesion: "S8 · 30 mm" });
    expect(changesOf(stored, { ...stored, patient: { ...stored.patient } })).toEqual({});
  });
});
