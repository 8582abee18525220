import type { RadiationSheet } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../../shell/preferences";
import { sentenceOf } from "../sentences";

type Rate = RadiationSheet["rates"][number];
type Rule = RadiationSheet["rules"][number];

function Rates({ rates }: { readonly rates: readonly Rate[] }) {
  const { t } = useTranslation("plan");
  return (
    <Table<Rate>
      rowKey="place"
      size="small"
      pagination={false}
      dataSource={[...rates]}
      columns={[
        {
          title: t("seeds.place"),
          render: (_, { place }) => t(`seeds.places.${place.replace(/[ .]/g, "")}`, { defaultValue: place }),
        },
        { title: t("seeds.distance"), align: "right", render: (_, one) => `${one.distance_mm.toFixed(0)} mm` },
        {
          title: t("seeds.attenuated"),
          align: "right",
          render: (_, one) => `${one.attenuated_ugy_h.toFixed(2)} µGy/h`,
        },
        { title: t("seeds.inAir"), align: "right", render: (_, one) => `${one.in_air_ugy_h.toFixed(1)} µGy/h` },
      ]}
    />
  );
}

function Rules({ rules }: { readonly rules: readonly Rule[] }) {
  const { t } = useTranslation("plan");
  return (
    <Table<Rule>
      rowKey="name"
      size="small"
      pagination={false}
      dataSource={[...rules]}
      columns={[
        {
          title: t("seeds.value"),
          render: (_, { name, source }) => (
            <span title={source}>{t(`seeds.rule.${name.replaceAll(" ", "_")}`, { defaultValue: name })}</span>
          ),
        },
        { title: t("seeds.estimated"), align: "right", render: (_, one) => `${one.estimated.toFixed(2)} ${one.unit}` },
        { title: t("seeds.allowed"), align: "right", render: (_, one) => `${one.limit} ${one.unit}` },
        {
          title: "",
          render: (_, { within }) => (
            <StateMark level={within ? "good" : "bad"}>{t(within ? "seeds.within" : "seeds.above")}</StateMark>
          ),
        },
      ]}
    />
  );
}

/** Activity, dose rates around the patient with their formula, values of the discharge, what patient and family are told. */
export function RadiationPanel({ sheet }: { readonly sheet: RadiationSheet }) {
  const { t } = useTranslation("plan");
  const { language } = usePreferences();
  const said = (text: string): string => sentenceOf({ code: "source", text }, language, (name) => name);
  return (
    <Panel title={t("seeds.radiation")} flush>
      <p className="plan-note">
        {t("seeds.radiationHead", {
          mci: sheet.total_activity_mci.toFixed(1),
          mbq: sheet.total_activity_mbq.toFixed(0),
          days: sheet.days_to_tenth.toFixed(0),
        })}
      </p>
      <div data-testid="radiation-sheet">
        <Rates rates={sheet.rates} />
        <Rules rules={sheet.rules} />
      </div>
      <p className="plan-note">{t("seeds.configured")}</p>
      <details className="plan-limits plan-limits--inset">
        <summary>{t("seeds.formula")}</summary>
        <p className="plan-note">{sheet.formula}</p>
        <p className="plan-note">{sheet.attenuation}</p>
        <ul>
          {sheet.rules.map(({ name, source }) => (
            <li key={name}>
              {t(`seeds.rule.${name.replaceAll(" ", "_")}`, { defaultValue: name })}: {said(source)}
            </li>
          ))}
        </ul>
      </details>
      <h3 className="plan-subtitle">{t("seeds.advice")}</h3>
      <ul className="seed-advice">
        {sheet.advice.map(({ text_zh, text_en }) => (
          <li key={text_en}>{language === "en" ? text_en : text_zh}</li>
        ))}
      </ul>
    </Panel>
  );
}
