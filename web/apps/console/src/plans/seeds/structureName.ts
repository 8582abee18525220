import { useTranslation } from "react-i18next";

/** The target has no mask of its own, and therefore no name among the plan's structures. */
export function useStructureName(nameOf: (name: string) => string): (name: string) => string {
  const { t } = useTranslation("plan");
  return (name) => (name === "target" ? t("seeds.target") : nameOf(name));
}
