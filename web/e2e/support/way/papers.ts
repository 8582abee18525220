/** What must be signed before anybody works together: agreements, qualifications, consents. */
import { expect } from "vitest";

import { type Cast, choose, PATIENCE } from "../cast";
import { CENTRE, day, instantBefore, type Site } from "./site";

const CLAUSES = ["purpose", "conditions", "content", "process", "rights_and_duties", "risk_and_liability", "fees"];

/** An agreement, drawn up and signed by the hospital, then signed by the centre. */
export async function agree(cast: Cast, site: Site): Promise<void> {
  const office = `${site.key}.medical_affairs`;
  const administrator = `${CENTRE}.administrator`;
  const page = await cast.as(office);
  await page.goto("/admin/agreements");
  await page.getByTestId("list-add").click(PATIENCE);
  const dialog = page.locator(".ant-modal");
  const title = `远程会诊合作协议 ${site.key}`;
  await dialog.locator("#title").fill(title);
  await dialog.locator("#services input").first().check();
  for (const [field, text] of [
    ["#inviting", /./],
    ["#invited", /云岭/],
  ] as const) {
    await choose(page, `.ant-modal ${field}`, text);
  }
  for (const clause of CLAUSES) await dialog.locator(`#clauses_${clause}`).fill(`${clause}：双方约定`);
  await dialog.locator("#dispute_authority").fill("邀请方所在地卫生健康委员会");
  await dialog.locator("#valid_from").fill(day(-1));
  await dialog.locator("#valid_until").fill(day(700));
  await page.getByTestId("dialog-ok").click();
  await dialog.waitFor({ state: "detached", ...PATIENCE });
  for (const login of [office, administrator]) {
    const own = await cast.as(login);
    await own.goto("/admin/agreements");
    const row = own.locator("tr", { hasText: title });
    await row.getByTestId("sign-agreement").click(PATIENCE);
    await cast.sign(own, login);
    await row.getByTestId("sign-agreement").waitFor({ state: "detached", ...PATIENCE });
  }
  await expect.poll(() => page.locator("tr", { hasText: title }).textContent(), PATIENCE).not.toBe("");
}

/** Licences, filings and line tests of a hospital; registration, practice and training of the guides: the first on its page. */
export async function qualify(cast: Cast, login: string, papers: readonly Record<string, unknown>[]): Promise<void> {
  for (const paper of papers) {
    await cast.send(login, "POST", "/api/qualifications", { number: "0001", since: "2012-07-01", ...paper });
  }
}

export const ofSite = (): Record<string, unknown>[] => [
  { kind: "licence_subject", code: "oncology" },
  { kind: "technique_filing", code: "tumour_ablation" },
  { kind: "technique_filing", code: "seed_implantation" },
  { kind: "radiation_licence", code: "brachytherapy" },
  ...["provider_a", "provider_b"].map((code) => ({ kind: "line_test", code, tested_at: new Date().toISOString() })),
];

export const ofGuide = (userId: string): Record<string, unknown>[] =>
  [
    ["physician_registration", "surgery"],
    ["independent_practice", "surgery"],
    ["training", "guided_ablation"],
  ].map(([kind, code]) => ({ kind, code, user_id: userId }));

/** A consent, taken down on its page. */
export async function consent(cast: Cast, site: Site, kind: string): Promise<void> {
  const page = await cast.open(`${site.key}.attending`, site.caseId, "consents");
  await page.getByTestId(`consent-${kind}`).click(PATIENCE);
  const dialog = page.locator(".ant-modal");
  await dialog.locator("#signer_name").fill(site.patient, PATIENCE);
  if (kind === "telemedicine") await dialog.locator("#fee_line").fill("每次 800 元");
  if (kind === "surgery") {
    await dialog.locator("#risks").fill("出血、感染、肝脓肿");
    await dialog.locator("#alternatives").fill("手术切除");
  }
  await page.getByTestId("dialog-ok").click();
  await dialog.waitFor({ state: "detached", ...PATIENCE });
}

/** A consent on paper that was signed days ago and has expired since, noted afterwards. */
export async function expiredConsent(cast: Cast, site: Site, kind: string): Promise<void> {
  await cast.send(`${site.key}.attending`, "POST", `/api/cases/${site.caseId}/consents`, {
    kind,
    template: "house",
    text: "已告知内容、目的与影响",
    signer_name: site.patient,
    relation: "patient",
    signed_at: instantBefore(4),
    valid_until: day(-2),
    fee_line: "每次 800 元",
    risks: "出血",
    alternatives: "手术切除",
    recipients: [],
  });
}
