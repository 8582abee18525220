import type { Case, SeriesCheck } from "@tongtai/api-client";
import { ErrorState, type Level, Panel, StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { useWords } from "../workflow/words";
import { numberText } from "./answers";
import { useImagingCheck } from "./queries";

/** What the list asks of a series, and by which codes the check says that it is not so. */
const ASKED = [
  ["phase", ["phase_unknown"]],
  ["thickness", ["slices_thick", "thickness_unknown"]],
  ["age", ["imaging_old", "imaging_undated"]],
  ["loss", ["imaging_lossy"]],
] as const;

/** A series is told apart by the end of its long number. */
const UID_TAIL = 8;

function levelOf(series: SeriesCheck, codes: readonly string[]): Level {
  if (series.blocks.some(({ code }) => codes.includes(code))) return "bad";
  return series.warns.some(({ code }) => codes.includes(code)) ? "warn" : "good";
}

function SeriesRow({ series }: { readonly series: SeriesCheck }) {
  const { t } = useTranslation("intake");
  const { word } = useWords();
  const phase =
    series.phase === "unknown" || series.phase === "plain" ? t(`phase.${series.phase}`) : word("phase", series.phase);
  const said = {
    phase: series.modality === "CT" ? phase : series.modality,
    thickness: series.thickness_mm === null ? t("unknown") : `${numberText(series.thickness_mm)} mm`,
    age: series.study_date ?? t("unknown"),
    loss: t(series.lossy ? "lossy" : "lossless"),
  };
  return (
    <tr data-testid="checked-series">
      {ASKED.map(([name, codes]) => (
        <td key={name}>
          <StateMark level={levelOf(series, codes)}>{said[name]}</StateMark>
        </td>
      ))}
      <td>{series.images}</td>
    </tr>
  );
}

/** Whether the images that were sent fulfil the list, said for each series and each thing that is asked. */
export function ImagingCheckPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("intake");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const { lackText } = useWords();
  const { data, error, isPending } = useImagingCheck(shown.id, true);
  if (isPending) return null;
  return (
    <Panel title={t("imaging")}>
      {error !== null ? (
        <ErrorState title={word("error.title")} text={errorText(error)} />
      ) : (
        <>
          {data.complete ? (
            <StateMark level="good">{t("imagingComplete")}</StateMark>
          ) : (
            <ul className="intake-lacks" data-testid="imaging-lacks">
              {data.lacks.map((lack) => (
                <li key={lack.code + JSON.stringify(lack.values)}>
                  <StateMark level="warn">
                    {lackText(lack, (name, value) => (name === "series" ? `…${value.slice(-UID_TAIL)}` : undefined))}
                  </StateMark>
                </li>
              ))}
            </ul>
          )}
          {data.series.length > 0 && (
            <table className="intake-series">
              <thead>
                <tr>
                  {ASKED.map(([name]) => (
                    <th key={name} scope="col">
                      {t(`asked.${name}`)}
                    </th>
                  ))}
                  <th scope="col">{t("asked.images")}</th>
                </tr>
              </thead>
              <tbody>
                {data.series.map((series) => (
                  <SeriesRow key={series.series_uid} series={series} />
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </Panel>
  );
}
