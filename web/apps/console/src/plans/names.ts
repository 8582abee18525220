import type { AnyPlanDocument, PlanPerson } from "@tongtai/api-client";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../shell/preferences";

/** A structure or rule by the name that the plan or this page has for it; its own word when neither knows it. */
export function useNameOf(plan: AnyPlanDocument): (name: string) => string {
  const { t, i18n } = useTranslation("plan");
  const { language } = usePreferences();
  return (name) => {
    const structure = plan.structures.find((one) => one.name === name);
    // Several lesions have one name; their numbers tell them apart.
    const number = /_(\d+)$/.exec(name)?.[1];
    const suffix = number === undefined ? "" : ` ${number}`;
    if (structure) return (language === "en" ? structure.name_en : structure.name_zh) + suffix;
    const key = `constraint.${name}`;
    return i18n.exists(key, { ns: "plan" }) ? t(key) : name.replaceAll("_", " ");
  };
}

export function usePlanPerson(): (person: PlanPerson) => string {
  const { language } = usePreferences();
  return (person) => (language === "en" ? person.name_en : person.name);
}
