import { describe, expect, it } from "vitest";

import { lackSentence } from "./words";

const SENTENCES = {
  vote_missing: { zh: "{specialty} 尚未表决", en: "{specialty} has not voted" },
  party_missing: { zh: "缺少一方：{role}", en: "lacks a party: {role}" },
  mdt_verdict: { zh: "结论为 {verdict}，需要 {wanted}", en: "the verdict is {verdict}; needs {wanted}" },
  mdt_unsigned: { zh: "{user_id} 尚未签署", en: "{user_id} has not signed" },
};
const VALUES = {
  specialty: { radiology: { zh: "影像", en: "radiology" } },
  role: { operator: { zh: "术者", en: "operator" } },
  party_role: { operator: { zh: "平台运营方", en: "platform operator" } },
  wanted: { rfa: { zh: "射频消融", en: "RFA" } },
};

describe("a sentence of what is missing", () => {
  it("says values in words", () => {
    const lack = { code: "vote_missing", values: { specialty: "radiology" } };
    expect(lackSentence(lack, SENTENCES, VALUES, "zh")).toBe("影像 尚未表决");
    expect(lackSentence(lack, SENTENCES, VALUES, "en")).toBe("radiology has not voted");
  });

  it("tells a party of an agreement from a person's role", () => {
    expect(lackSentence({ code: "party_missing", values: { role: "operator" } }, SENTENCES, VALUES, "zh")).toBe(
      "缺少一方：平台运营方",
    );
  });

  it("lists several values and keeps what has no word", () => {
    const lack = { code: "mdt_verdict", values: { verdict: "mwa", wanted: ["rfa", "seeds"] } };
    expect(lackSentence(lack, SENTENCES, VALUES, "zh")).toBe("结论为 mwa，需要 射频消融、seeds");
  });

  it("names people where the page knows them, and shows an unknown code as it is", () => {
    const naming = (name: string, value: string) => (name === "user_id" && value === "u1" ? "陈敏" : undefined);
    const lack = { code: "mdt_unsigned", values: { user_id: "u1" } };
    expect(lackSentence(lack, SENTENCES, VALUES, "zh", naming)).toBe("陈敏 尚未签署");
    expect(lackSentence({ code: "new_code", values: {} }, SENTENCES, VALUES, "zh")).toBe("new_code");
  });
});
