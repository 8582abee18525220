import { Button } from "antd";
import { Printer } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Prints the page; every printed page is light (`ThemeProvider`). */
export function PrintButton() {
  const { t } = useTranslation("desk");
  return (
    <Button
      className="tt-no-print"
      icon={<Printer size={16} aria-hidden="true" />}
      onClick={() => {
        globalThis.print();
      }}
    >
      {t("print")}
    </Button>
  );
}
