/** At the table: the sheets of the checklist, the steps, the end of the session. */
import { type Cast, PATIENCE, stands } from "../cast";
import { LEAD, type Site } from "./site";

interface Sheet {
  readonly sheet: string;
  readonly version: number;
  readonly parties: readonly string[];
  readonly lines: readonly {
    key: string;
    kind: string;
    low: number | null;
    parties: readonly string[];
    equals: string;
    measure: string | null;
  }[];
}

const SPEAKER: Readonly<Record<string, string>> = {
  surgeon: "operator",
  anaesthesia: "anaesthetist",
  nurse: "nurse",
  guide: "",
};
const speaker = (site: Site, party: string) => (party === "guide" ? LEAD : `${site.key}.${SPEAKER[party] ?? party}`);

/** A sheet: every line by a party that may answer it, then each party confirms on the own page; the case moves on. */
export async function check(cast: Cast, site: Site, name: string, act: string, state: string): Promise<void> {
  const root = `/api/cases/${site.caseId}/checklists`;
  const sheet = async (login: string): Promise<Sheet> => {
    const found = (await cast.send<Sheet[]>(login, "GET", root)).find((each) => each.sheet === name);
    if (found === undefined) throw new Error(`there is no sheet ${name}`);
    return found;
  };
  const { parties, lines } = await sheet(speaker(site, "nurse"));
  for (const party of parties) {
    const login = speaker(site, party);
    const mine = lines.filter(
      (line) => line.parties.includes(party) || (line.parties.length === 0 && party === "nurse"),
    );
    const values = Object.fromEntries(
      mine.map(({ key, kind, low }) => [key, kind === "check" ? true : kind === "number" ? (low ?? 1) : "无"]),
    );
    if (mine.length === 0) continue;
    // What the machine that runs this measures of itself may miss a limit: answered by hand all the same, with a reason.
    const reasons = Object.fromEntries(
      mine.filter(({ measure }) => measure !== null).map(({ key }) => [key, "演练环境"]),
    );
    await cast.send(login, "PATCH", `${root}/${name}`, { version: (await sheet(login)).version, values, reasons });
  }
  for (const party of parties) {
    const page = await cast.as(speaker(site, party));
    await page.goto(`/cases/${site.caseId}/checklists/${name}`);
    await page.getByTestId(`party-${party}`).locator("[data-tone=primary]").click(PATIENCE);
    await page
      .getByTestId(`party-${party}`)
      .locator("[data-tone=primary]")
      .waitFor({ state: "detached", ...PATIENCE });
  }
  const last = speaker(site, name === "readiness" || name === "sign_in" ? "nurse" : "surgeon");
  const page = await cast.as(last);
  await page.goto(`/cases/${site.caseId}/checklists/${name}`);
  await page.getByTestId(`act-${act}`).click(PATIENCE);
  await stands(await cast.open(last, site.caseId), state);
}

/** A physician is there, the pictures are live: the operation begins. */
export async function begin(cast: Cast, site: Site): Promise<void> {
  const login = `${site.key}.operator`;
  const page = await cast.as(login);
  await page.goto(`/cases/${site.caseId}/checklists/time_out`);
  await page.getByTestId("present").click(PATIENCE);
  await page.getByTestId("act-begin_procedure").click(PATIENCE);
  await stands(await cast.open(login, site.caseId), "in_procedure");
}

/** Steps of the operation by their buttons. */
export async function steps(cast: Cast, site: Site, names: readonly string[]): Promise<void> {
  const page = await cast.as(`${site.key}.operator`);
  if (!page.url().includes(`/room/${site.caseId}`)) {
    await page.goto(`/room/${site.caseId}`);
    await page.getByTestId("start-done").click(PATIENCE);
  }
  for (const name of names) {
    await page.getByTestId(`step-${name}`).click(PATIENCE);
    await page.locator(`[data-testid=step-${name}][aria-current=step]`).waitFor(PATIENCE);
  }
}

export async function endSession(cast: Cast, { key }: Site): Promise<void> {
  const page = await cast.as(`${key}.operator`);
  await page.getByTestId("devices").click(PATIENCE);
  await page.getByTestId("session-close").click(PATIENCE);
  await page.getByTestId("session-close-confirm").click(PATIENCE);
  await page.getByTestId("session-close-confirm").waitFor({ state: "detached", ...PATIENCE });
}
