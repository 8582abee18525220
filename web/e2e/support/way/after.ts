/** After the operation: warnings, orders, the signed record, bundles, follow-up, archive. */
import { expect } from "vitest";

import { type Cast, PATIENCE } from "../cast";
import { COORDINATOR, day, type Site } from "./site";

/** Rules run, care ordered. */
export async function orderCare(cast: Cast, { key, caseId }: Site): Promise<void> {
  const login = `${key}.attending`;
  let page = await cast.open(login, caseId, "warnings");
  await page.getByTestId("judge").click(PATIENCE);
  await page.locator(".warning").first().waitFor(PATIENCE);
  page = await cast.open(login, caseId, "followUp");
  await page.getByTestId("order-care").click(PATIENCE);
  await page.getByTestId("dialog-ok").click(PATIENCE);
  await page.locator(".ant-modal").waitFor({ state: "detached", ...PATIENCE });
  await cast.move(login, caseId, "order_care", "post_op");
}

export async function acknowledgeAll(cast: Cast, { key, caseId }: Site): Promise<void> {
  const page = await cast.open(`${key}.attending`, caseId, "warnings");
  await page.locator(".warning").first().waitFor(PATIENCE);
  const open = page.locator('[data-testid^="acknowledge-"]');
  for (let left = await open.count(); left > 0; left -= 1) {
    await open.first().click();
    await expect.poll(() => open.count(), PATIENCE).toBe(left - 1);
  }
}

/** The operation record, made from the events and signed by the operator; returns its bytes. */
export async function signRecord(cast: Cast, { key, caseId }: Site): Promise<Buffer> {
  const login = `${key}.operator`;
  const page = await cast.open(login, caseId);
  await page.getByTestId("make-document").click(PATIENCE);
  await page.locator('.ant-dropdown-menu-item[data-menu-id*="operation_record"]').click(PATIENCE);
  await page.getByTestId("sign-operation_record").click(PATIENCE);
  await page.locator(".ant-modal #password").fill(cast.password(login));
  await page.getByTestId("sign-confirm").click();
  await page.locator(".ant-modal").waitFor({ state: "detached", ...PATIENCE });
  const { documents } = await cast.send<{ documents: { id: string; kind: string; state: string }[] }>(
    login,
    "GET",
    `/api/cases/${caseId}/documents`,
  );
  const record = documents.find(({ kind }) => kind === "operation_record");
  expect(record?.state).toBe("issued");
  const pdf = await page.context().request.get(`/api/cases/${caseId}/documents/${record?.id ?? ""}/pdf`);
  return pdf.body();
}

/** The same file with one bit changed inside its longest stream, a font: it stays readable. */
export function withOneByteChanged(pdf: Buffer): Buffer {
  const streams = [...pdf.toString("latin1").matchAll(/\bstream\r?\n([^]*?)\r?\nendstream/g)];
  const [longest] = streams.toSorted((a, b) => b[0].length - a[0].length);
  if (longest === undefined) throw new Error("the file has no stream");
  const place = longest.index + (longest[0].length >> 1);
  const altered = Buffer.from(pdf);
  altered.writeUInt8(altered.readUInt8(place) ^ 1, place);
  return altered;
}

/** Both sides hash what arrived. */
export async function receive(cast: Cast, { key, caseId }: Site): Promise<void> {
  for (const login of [`${key}.attending`, COORDINATOR]) {
    const page = await cast.open(login, caseId, "archive");
    await page.getByTestId("receive").click(PATIENCE);
    await page.getByTestId("receive").waitFor({ state: "detached", ...PATIENCE });
  }
}

/** Reported with the receipts of both sides, followed up, closed, archived. */
export async function toTheArchive(cast: Cast, site: Site): Promise<void> {
  const login = `${site.key}.attending`;
  await cast.state(`${site.key}.operator`, site.caseId, "record_written", "手术记录已存入病历");
  await receive(cast, site);
  await cast.move(login, site.caseId, "report", "reported");
  await cast.state(login, site.caseId, "discharged");
  await cast.move(login, site.caseId, "begin_follow_up", "follow_up");
  for (const [date, longest, viable] of [
    [day(-20), 24, 24],
    [day(0), 35, 0],
  ] as const) {
    const page = await cast.open(login, site.caseId, "followUp");
    await page.getByTestId("assess").click(PATIENCE);
    const dialog = page.locator(".ant-modal");
    await dialog.locator("#examined_on").fill(date);
    await dialog.locator("#lesions_0_longest_mm").fill(String(longest));
    await dialog.locator("#lesions_0_viable_mm").fill(String(viable));
    if (viable === 0) await dialog.locator("#complete_ablation .ant-radio-button-wrapper").first().click();
    await page.getByTestId("dialog-ok").click();
    await dialog.waitFor({ state: "detached", ...PATIENCE });
  }
  const page = await cast.as(login);
  await page.getByText("CR", { exact: true }).first().waitFor(PATIENCE);
  await cast.state(login, site.caseId, "follow_up_ended", "术后随访结束，无复发");
  await cast.move(login, site.caseId, "close", "closed");
  await receive(cast, site);
  await cast.move(login, site.caseId, "archive", "archived");
}

/** The patient's copy, given out by the hospital's office; returns its file's name. */
export async function copyForPatient(cast: Cast, { key, caseId }: Site): Promise<string> {
  const page = await cast.open(`${key}.medical_affairs`, caseId, "archive");
  await page.getByTestId("copy-record").click(PATIENCE);
  const arrives = page.waitForEvent("download", PATIENCE);
  await page.getByTestId("dialog-ok").click(PATIENCE);
  return (await arrives).suggestedFilename();
}
