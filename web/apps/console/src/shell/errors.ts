import { ApiError } from "@tongtai/api-client";
import { useTranslation } from "react-i18next";

/** The server's error in the reader's language; the server's English sentence when the code is unknown here. */
export function useErrorText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return t("error.unexpected");
    const key = `errors.${error.code}`;
    return i18n.exists(key, { ns: "shell" }) ? t(key, { ...error.values }) : error.message;
  };
}
