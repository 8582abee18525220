import type { Meeting } from "@tongtai/api-client";
import { describe, expect, it } from "vitest";

import { hasSigned, majority, silent } from "./rights";

const seat = (user_id: string, specialty: Meeting["panel"][number]["specialty"]): Meeting["panel"][number] => ({
  user_id,
  name: user_id,
  name_en: user_id,
  institution_id: "i",
  specialty,
  title: "",
  joined_at: null,
  left_at: null,
});
const vote = (user_id: string, verdict: Meeting["votes"][number]["verdict"]) => ({
  user_id,
  verdict,
  reason: "r",
  at: "2026-05-01T08:00:00Z",
});
const meeting = (changes: Partial<Meeting>): Meeting => ({
  id: "m",
  number: 1,
  scheduled_at: "2026-05-01T08:00:00Z",
  quorum: ["interventional", "radiology"],
  panel: [seat("a", "interventional"), seat("b", "radiology"), seat("c", "oncology")],
  material_sha256: "",
  lesions: [],
  options: [],
  votes: [],
  conclusion: null,
  dissent: [],
  signatures: [],
  sha256: "now",
  version: 1,
  ...changes,
});

describe("a meeting's votes", () => {
  it("name the specialties of the quorum that are silent", () => {
    expect(silent(meeting({ votes: [vote("a", "rfa"), vote("c", "rfa")] }))).toEqual(["radiology"]);
  });

  it("have a majority only when one verdict leads", () => {
    expect(majority(meeting({}))).toBeUndefined();
    expect(majority(meeting({ votes: [vote("a", "rfa"), vote("b", "mwa")] }))).toBeUndefined();
    expect(majority(meeting({ votes: [vote("a", "rfa"), vote("b", "mwa"), vote("c", "mwa")] }))).toBe("mwa");
  });

  it("are signed for the text as it reads now only", () => {
    const by = { user_id: "a", sha256: "before" } as Meeting["signatures"][number];
    expect(hasSigned(meeting({ signatures: [by] }), "a")).toBe(false);
    expect(hasSigned(meeting({ signatures: [{ ...by, sha256: "now" }] }), "a")).toBe(true);
  });
});
