import { useMutation } from "@tanstack/react-query";
import { ApiError, type ImportedLine, type ImportResult, intakeApi } from "@tongtai/api-client";
import { type Level, Panel, StateMark } from "@tongtai/ui";
import { Alert, Button, Upload } from "antd";
import { FileUp } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { unitText } from "./answers";
import { useTakeIntake } from "./queries";
import { useFormWords } from "./words";

interface ImportPanelProps {
  readonly caseId: string;
  readonly version: number;
  /** What is being typed is saved first: the import names the version that it was seen with. */
  before(): Promise<void>;
}

const LEVELS: Readonly<Record<string, Level>> = { taken: "good", older: "info", unknown: "warn", refused: "bad" };

/** JSON is a FHIR Bundle, everything else a table. */
const kindOf = (file: File): "csv" | "fhir" => (/\.json$/i.test(file.name) ? "fhir" : "csv");

function Line({ line }: { readonly line: ImportedLine }) {
  const { t } = useTranslation("intake");
  const { itemName } = useFormWords();
  const errorText = useErrorText();
  return (
    <tr data-testid="imported-line" data-outcome={line.outcome}>
      <td>{line.item === "" ? `${line.system.toUpperCase()} ${line.code}` : itemName(line.item)}</td>
      <td>
        {line.value} {unitText(line.unit)}
      </td>
      <td>
        <StateMark level={LEVELS[line.outcome] ?? "warn"}>{t(`outcome.${line.outcome}`)}</StateMark>
        {line.reason !== "" && (
          <span className="shell-dim"> {errorText(new ApiError(0, line.reason, line.reason))}</span>
        )}
      </td>
    </tr>
  );
}

/** Laboratory results from a file: every line is answered for. */
export function ImportPanel({ caseId, version, before }: ImportPanelProps) {
  const { t } = useTranslation("intake");
  const errorText = useErrorText();
  const take = useTakeIntake(caseId);
  const load = useMutation({
    mutationFn: async (file: File): Promise<ImportResult> => {
      await before();
      const newest = await intakeApi.get(caseId);
      return intakeApi.importResults(caseId, kindOf(file), Math.max(newest.version, version), file);
    },
    onSuccess: ({ intake }) => {
      take(intake);
    },
  });
  return (
    <Panel title={t("import")}>
      <p className="shell-dim">{t("importText")}</p>
      <Upload
        accept=".csv,.json,text/csv,application/json,application/fhir+json"
        showUploadList={false}
        disabled={load.isPending}
        beforeUpload={(file) => {
          load.mutate(file);
          return false;
        }}
      >
        <Button icon={<FileUp size={16} aria-hidden="true" />} loading={load.isPending} data-testid="import-results">
          {t("importFile")}
        </Button>
      </Upload>
      {load.isError && <Alert type="error" showIcon role="alert" title={errorText(load.error)} />}
      {load.data !== undefined && (
        <table className="intake-imported" data-testid="imported">
          <tbody>
            {load.data.lines.map((line, place) => (
              <Line key={place} line={line} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
