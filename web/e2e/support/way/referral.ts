/** The referral: the form, its files, and on to the centre. */
import { expect } from "vitest";

import { type Cast, PATIENCE } from "../cast";
import { consent } from "./papers";
import { COORDINATOR, day, type Site } from "./site";

interface Item {
  readonly key: string;
  readonly kind: string;
  readonly low: number | null;
  readonly high: number | null;
  readonly choices: readonly string[];
  readonly techniques: readonly string[];
}

/** A plausible answer to everything that the form asks for, beside `given`. */
export async function answer(cast: Cast, site: Site, given: Record<string, unknown>): Promise<void> {
  const login = `${site.key}.attending`;
  const { items } = await cast.send<{ items: Item[] }>(login, "GET", "/api/intake/form");
  const known = await cast.send<{ version: number }>(login, "GET", `/api/cases/${site.caseId}/intake`);
  const valueOf = ({ key, kind, low, high, choices }: Item): unknown => {
    if (key in given) return given[key];
    if (kind === "number") return Math.min((low ?? 0) * 1.5 + 1, high ?? Number.MAX_VALUE);
    if (kind === "list") return ["无"];
    if (kind === "yes_no") return "no";
    return choices[0] ?? "无";
  };
  const asked = items.filter(
    ({ kind, techniques }) => kind !== "file" && (techniques.length === 0 || techniques.includes(site.technique)),
  );
  const answers = Object.fromEntries(asked.map((item) => [item.key, { value: valueOf(item), observed_on: day(0) }]));
  await cast.send(login, "PATCH", `/api/cases/${site.caseId}/intake`, { version: known.version, answers });
}

/** A laboratory's FHIR Bundle with one result, taken in on the form's page. */
export async function importResult(cast: Cast, site: Site): Promise<void> {
  const page = await cast.open(`${site.key}.attending`, site.caseId, "intake");
  const chooser = page.waitForEvent("filechooser", PATIENCE);
  await page.getByTestId("import-results").click(PATIENCE);
  const platelets = {
    resourceType: "Observation",
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "777-3" }] },
    effectiveDateTime: day(0),
    valueQuantity: { value: 182, unit: "10*9/L", system: "http://unitsofmeasure.org", code: "10*9/L" },
  };
  const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: platelets }] };
  await (
    await chooser
  ).setFiles({ name: "labs.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(bundle)) });
  await page.locator("[data-testid=imported-line][data-outcome=taken]").waitFor(PATIENCE);
  await expect.poll(() => page.getByTestId("item-platelets").inputValue(), PATIENCE).toBe("182");
}

/** A file for an item of the form, chosen on its page. */
export async function attach(cast: Cast, site: Site, item: string): Promise<void> {
  const page = await cast.open(`${site.key}.attending`, site.caseId, `intake&item=${item}`);
  const chooser = page.waitForEvent("filechooser", PATIENCE);
  await page.getByTestId(`attach-${item}`).click(PATIENCE);
  const buffer = Buffer.from("%PDF-1.4\nreport\n%%EOF\n");
  await (await chooser).setFiles({ name: `${item}.pdf`, mimeType: "application/pdf", buffer });
  await page.getByTestId(`row-${item}`).getByRole("link").first().waitFor(PATIENCE);
}

/** What the patient must have signed before the centre sees anything, the office's approval, and off it goes. */
export async function submit(cast: Cast, site: Site): Promise<void> {
  for (const kind of ["telemedicine", "data_sharing"]) await consent(cast, site, kind);
  await cast.state(`${site.key}.medical_affairs`, site.caseId, "request_approved");
  await cast.move(`${site.key}.attending`, site.caseId, "submit", "submitted");
}

export const accept = (cast: Cast, { caseId }: Site) => cast.move(COORDINATOR, caseId, "accept", "accepted");
