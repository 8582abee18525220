import type { RecordForm } from "@tongtai/api-client";
import { describe, expect, it } from "vitest";

import { textOf, toFields, toWire } from "./recordValues";

const field = (key: string, kind: RecordForm["fields"][number]["kind"]) => ({
  key,
  kind,
  zh: key,
  en: key,
  source_zh: "",
  source_en: "",
  needed_for: [],
  choices: [
    { code: "a", zh: "甲", en: "first" },
    { code: "b", zh: "乙", en: "second" },
  ],
  low: null,
  high: null,
});
const form: RecordForm = {
  key: "incident",
  zh: "",
  en: "",
  fields: [field("at", "instant"), field("why", "text"), field("kinds", "choices"), field("sure", "check")],
};

describe("values of a form", () => {
  it("come back as they were sent", () => {
    const wire = { at: "2031-05-04T08:30:00.000Z", why: "x", kinds: ["a"], sure: false };
    expect(toWire(form, toFields(form, wire))).toEqual(wire);
  });

  it("leave out what is empty and what the form does not know", () => {
    expect(toWire(form, { why: "", kinds: undefined, other: "y" })).toEqual({});
  });

  it("are said in words of the language", () => {
    const [, , kinds, sure] = form.fields;
    if (kinds === undefined || sure === undefined) throw new Error("the form has four fields");
    expect(textOf(kinds, ["b", "a"], "zh", ["是", "否"])).toBe("乙、甲");
    expect(textOf(sure, false, "en", ["yes", "no"])).toBe("no");
    expect(textOf(kinds, undefined, "en", ["yes", "no"])).toBeUndefined();
  });
});
