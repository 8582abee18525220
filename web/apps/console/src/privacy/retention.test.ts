import { expect, it } from "vitest";

import { isDeletable } from "./retention";

it.each([
  [null, true],
  ["2029-05-04", false],
  ["2029-05-05", false],
  ["2029-05-03", true],
])("kept until %s on 4 May 2029: deletable %s", (kept_until, deletable) => {
  expect(isDeletable({ kept_until }, "2029-05-04")).toBe(deletable);
});
