/** What a case's page is made of: its tabs, in their order. A new one is one line here and its title in `way.json`. */
import { CaseOverview } from "./CaseOverview";
import type { CaseSection } from "./section";

export const SECTIONS: readonly CaseSection[] = [{ key: "overview", needs: [], Content: CaseOverview }];
