// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";

import { clearDrafts, draftKey, loadDraft, saveDraft } from "./drafts";

describe("drafts", () => {
  beforeEach(() => {
    localStorage.clear();
  });

  it("are kept per person, form and case, and forgotten when sent", () => {
    const key = draftKey("u1", "advice", "case-1");
    saveDraft(key, "退针 5 mm");
    expect(loadDraft(key)).toBe("退针 5 mm");
    expect(loadDraft(draftKey("u2", "advice", "case-1"))).toBeNull();
    expect(loadDraft(draftKey("u1", "advice", "case-2"))).toBeNull();
    saveDraft(key, "");
    expect(localStorage.length).toBe(0);
  });

  it("leave the device when somebody signs out, and nothing else does", () => {
    localStorage.setItem("tongtai.theme", "light");
    saveDraft(draftKey("u1", "case", "new"), { lesion: "S7" });
    saveDraft(draftKey("u2", "case", "new"), { lesion: "S4" });
    clearDrafts({ except: "u2" });
    expect(loadDraft(draftKey("u1", "case", "new"))).toBeNull();
    expect(loadDraft(draftKey("u2", "case", "new"))).toEqual({ lesion: "S4" });
    clearDrafts();
    expect(Object.keys(localStorage)).toEqual(["tongtai.theme"]);
  });

  it("survive a storage that is full and a value that is broken", () => {
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    expect(() => saveDraft("tongtai.draft.u.f.s", "text")).not.toThrow();
    full.mockRestore();
    localStorage.setItem("tongtai.draft.u.f.s", "{");
    expect(loadDraft("tongtai.draft.u.f.s")).toBeNull();
  });
});
