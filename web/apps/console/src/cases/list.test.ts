import { describe, expect, it } from "vitest";

import { csvOf } from "./csv";
import { COLUMNS, columnsText, readListQuery, sortText, withChoice } from "./listQuery";

describe("a list's address", () => {
  it("says everything that was chosen and nothing that is as always", () => {
    let search = new URLSearchParams();
    search = withChoice(search, "technique", "mwa");
    search = withChoice(search, "columns", columnsText(["number", "lesion"]));
    search = withChoice(search, "sort", sortText({ column: "number", descending: false }));
    search = withChoice(search, "state", "closed");
    expect(readListQuery(new URLSearchParams(search.toString()))).toEqual({
      q: "",
      state: "closed",
      technique: "mwa",
      columns: ["number", "lesion"],
      sort: { column: "number", descending: false },
    });
    expect(columnsText(COLUMNS)).toBe("");
    expect(sortText({ column: "scheduled", descending: true })).toBe("");
    expect(withChoice(search, "state", "").has("state")).toBe(false);
  });

  it("asks for nothing that does not exist", () => {
    const wild = readListQuery(new URLSearchParams("state=x&technique=y&columns=z&sort=-w"));
    expect(wild).toEqual({
      q: "",
      state: undefined,
      technique: undefined,
      columns: ["number"],
      sort: { column: "scheduled", descending: true },
    });
  });
});

describe("a list as CSV", () => {
  it("quotes what would break a row and keeps Chinese readable", () => {
    expect(
      csvOf([
        ["编号", "病灶"],
        ["1", 'S7, "邻近膈肌"\n28 mm'],
      ]),
    ).toBe('\ufeff编号,病灶\r\n1,"S7, ""邻近膈肌""\n28 mm"\r\n');
  });

  it("never lets a spreadsheet run what a name says", () => {
    expect(csvOf([["=HYPERLINK(1)", "-2", "@a", "+1", "a=b"]])).toBe("\ufeff'=HYPERLINK(1),'-2,'@a,'+1,a=b\r\n");
  });
});
