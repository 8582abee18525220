import { KeyHint } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

interface KeyTableProps {
  readonly rows: readonly { readonly keys: readonly string[]; readonly text: string }[];
}

/** Keys with what they do, for every page's help. */
export function KeyTable({ rows }: KeyTableProps) {
  const { t } = useTranslation();
  return (
    <table className="shell-keys">
      <tbody>
        {rows.map(({ keys, text }) => (
          <tr key={text}>
            <td>
              {keys.map((key) => (
                <KeyHint key={key}>{key === "Space" ? t("help.space") : key}</KeyHint>
              ))}
            </td>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
