/** The team meeting: its panel, the votes, the minutes. */
import { expect } from "vitest";

import { type Cast, choose, PATIENCE } from "../cast";
import { COORDINATOR, LEAD, PANEL, type Site } from "./site";

/** The coordinator's call to a meeting; `alone` first asks one person to speak for every specialty, which is refused. */
export async function convene(cast: Cast, { caseId }: Site, alone = false): Promise<void> {
  const page = await cast.open(COORDINATOR, caseId, "meeting");
  await page.getByTestId("convene").click(PATIENCE);
  const seat = (place: number, name: RegExp) => choose(page, `.ant-modal #panel_${place}_user_id`, name);
  if (alone) {
    for (const place of [0, 1, 2]) await seat(place, /陈敏/);
    await page.getByTestId("dialog-ok").click();
    await page.locator(".ant-modal [role=alert]").waitFor(PATIENCE);
    expect(await page.locator(".ant-modal [role=alert]").textContent()).toContain("1 人");
  }
  for (const [place, name] of [/陈敏/, /吴岭/, /周映/].entries()) await seat(place, name);
  await page.getByTestId("dialog-ok").click();
  await page.locator(".ant-modal").waitFor({ state: "detached", ...PATIENCE });
  await cast.move(COORDINATOR, caseId, "schedule_mdt", "mdt_scheduled");
}

/** The panel writes lesion and treatment, votes, concludes, signs. */
export async function meet(cast: Cast, { caseId, verdict }: Site): Promise<void> {
  const meeting = `/cases/${caseId}/meetings`;
  const chair = await cast.as(LEAD);
  await chair.goto(meeting);
  await chair.getByTestId("write-discussion").click(PATIENCE);
  await chair.locator("#lesions_0_segment").fill("S7");
  await chair.locator("#lesions_0_size_mm").fill("24");
  await chair.getByTestId("dialog-ok").click();
  await chair.locator(".ant-modal").waitFor({ state: "detached", ...PATIENCE });
  for (const login of PANEL) {
    const page = await cast.as(login);
    await page.goto(meeting);
    await page.locator(".meeting-panel .ant-radio-button-wrapper", { hasText: verdict }).click(PATIENCE);
    await page.locator(".meeting-panel #reason").fill("单发，路径安全");
    await page.getByTestId("cast-vote").click();
    await expect
      .poll(() => page.locator(".meeting-vote").allTextContents(), PATIENCE)
      .toContainEqual(expect.stringContaining("路径安全"));
  }
  await chair.reload();
  await chair.getByTestId("conclude").click(PATIENCE);
  await chair.getByTestId("dialog-ok").click(PATIENCE);
  await chair.getByTestId("verdict").waitFor(PATIENCE);
  for (const login of PANEL) {
    const page = await cast.as(login);
    await page.goto(meeting);
    await page.getByTestId("sign-minutes").click(PATIENCE);
    await cast.sign(page, login);
    await page.getByTestId("sign-minutes").waitFor({ state: "detached", ...PATIENCE });
  }
  await cast.move(LEAD, caseId, "decide_mdt", "mdt_decided");
}
