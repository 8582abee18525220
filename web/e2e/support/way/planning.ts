/** From the images to the slot: phases, plan, opinion, decision. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";

import { type Cast, PATIENCE } from "../cast";
import { consent } from "./papers";
import { CENTRE, COORDINATOR, LEAD, type Site } from "./site";

/** The phases that the check of the images still misses, chosen by the technician. */
export async function sendPhases(cast: Cast, { key, caseId }: Site, folder: string): Promise<void> {
  const page = await cast.open(`${key}.technician`, caseId);
  const files = (await readdir(path.join(folder, key))).map((name) => path.join(folder, key, name));
  await page.locator("input[type=file]").last().setInputFiles(files);
  await expect
    .poll(
      async () => {
        const found = await cast.send<unknown[]>(`${key}.technician`, "GET", `/api/cases/${caseId}/imaging/series`);
        return found.length;
      },
      { ...PATIENCE, interval: 1000 },
    )
    .toBe(3);
  await cast.move(LEAD, caseId, "begin_planning", "planning");
}

/** The planner's order; the worker computes it while other things go on. */
export async function orderPlan(cast: Cast, { caseId, technique }: Site): Promise<void> {
  const page = await cast.open(`${CENTRE}.planner`, caseId);
  await page.getByTestId("plan-new").click(PATIENCE);
  if (technique === "seeds") {
    await page.locator("[data-testid=seeds-prescription] input, input[data-testid=seeds-prescription]").fill("110");
    await page.locator("[data-testid=seeds-activity] input, input[data-testid=seeds-activity]").fill("0.6");
  } else {
    // Without the simulated heat: that is tested where it is computed.
    await page.locator("#heat").click(PATIENCE);
  }
  await page.getByTestId("plan-start").click();
  await page.getByTestId("plan-job").waitFor(PATIENCE);
}

/** The plan is there: another than its maker reviews and approves it, the operator reads it. */
export async function approvePlan(cast: Cast, { key, caseId }: Site): Promise<void> {
  const guide = await cast.open(LEAD, caseId);
  await guide.getByTestId("plan-v1").waitFor({ timeout: 1_200_000 });
  await guide.getByTestId("plan-v1").click();
  for (const [act, after] of [
    ["review", "reviewed"],
    ["approve", "approved"],
  ] as const) {
    await guide.getByTestId(`plan-${act}`).click(PATIENCE);
    await guide.getByTestId(`${act}-confirm`).click(PATIENCE);
    await guide.locator(`[data-testid=plan-state][data-state=${after}]`).waitFor(PATIENCE);
  }
  await cast.state(`${key}.operator`, caseId, "plan_read");
  await cast.move(LEAD, caseId, "approve_plan", "plan_approved");
}

/** The experts' opinion, and the hospital's decision to operate. */
export async function decide(cast: Cast, { key, caseId }: Site): Promise<void> {
  const guide = await cast.open(LEAD, caseId, "opinion");
  await guide.getByTestId("write-opinion").click(PATIENCE);
  for (const part of ["findings", "diagnosis", "recommendation"]) {
    await guide.locator(`.ant-modal #${part}`).fill("按计划消融");
  }
  await guide.getByTestId("dialog-ok").click();
  await guide.getByTestId("sign-opinion-record").click(PATIENCE);
  await cast.sign(guide, LEAD);
  await cast.move(LEAD, caseId, "issue_opinion", "opinion_issued");
  const login = `${key}.attending`;
  const page = await cast.open(login, caseId, "opinion");
  await page.getByTestId("decide").click(PATIENCE);
  const dialog = page.locator(".ant-modal");
  await dialog.locator("#outcome .ant-radio-button-wrapper").first().click(PATIENCE);
  await dialog.locator("#operates .ant-radio-button-wrapper").first().click();
  await dialog.locator("#password").fill(cast.password(login));
  await page.getByTestId("dialog-ok").click();
  await page.getByTestId("decision-1").waitFor(PATIENCE);
  await cast.move(login, caseId, "decide", "decision_made");
}

export async function schedule(cast: Cast, site: Site): Promise<void> {
  for (const kind of ["surgery", "anaesthesia"]) await consent(cast, site, kind);
  await cast.move(COORDINATOR, site.caseId, "schedule", "scheduled");
}
