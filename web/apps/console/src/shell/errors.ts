import { ApiError } from "@tongtai/api-client";
import { useTranslation } from "react-i18next";

import { formatDateTime } from "./preferences";

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** Values as readers write them: an instant in their own time zone. */
const spoken = (values: ApiError["values"]) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" && INSTANT.test(value) ? formatDateTime(value) : value,
    ]),
  );

/** The server's error in the reader's language; the server's English sentence when the code is unknown here. */
export function useErrorText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return t("error.unexpected");
    const key = `errors.${error.code}`;
    if (i18n.exists(key, { ns: "shell" })) return t(key, spoken(error.values));
    // What people meet every day stands with the pages' own words; the rest of the server's codes in a file of theirs.
    return i18n.exists(error.code, { ns: "errors" }) ? t(error.code, { ns: "errors" }) : error.message;
  };
}
