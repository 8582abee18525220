/** A tab of a case's page; `sections.ts` lists them. */
import type { Case, Permission } from "@tongtai/api-client";
import type { ComponentType } from "react";

export interface SectionProps {
  readonly shown: Case;
}

export interface CaseSection {
  /** In the address (`?tab=`), and under `section` in `way.json`. */
  readonly key: string;
  /** The person needs one of these in this case; none: everybody who sees the case. */
  readonly needs: readonly Permission[];
  readonly Content: ComponentType<SectionProps>;
}
