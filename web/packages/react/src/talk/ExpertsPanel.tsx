import type { LiveRoom } from "@tongtai/session-core";
import { Volume2 } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useNames } from "../session/names";
import { useObservable, useRuntime } from "../session/runtime";

/** The experts' private room: who is there; no hospital can hear it. */
export function ExpertsPanel() {
  const { rooms } = useRuntime();
  const live = useObservable(rooms.experts);
  useEffect(() => {
    rooms.enterExperts();
  }, [rooms]);
  return live ? <Experts live={live} /> : null;
}

function Experts({ live }: { readonly live: LiveRoom }) {
  const { t } = useTranslation("expert");
  const { nameOf } = useNames();
  const { people, status } = useObservable(live.view);
  return (
    <section className="experts-panel" data-testid="experts-panel" aria-label={t("experts.title")}>
      <h2>
        {t("experts.title")}{" "}
        <span>{t("experts.online", { count: people.length + (status === "connected" ? 1 : 0) })}</span>
      </h2>
      {status !== "connected" && <p>{t(`connection.${status}`)}</p>}
      {status === "connected" && people.length === 0 && <p>{t("experts.alone")}</p>}
      <ul>
        {people.map((person) => (
          <li key={person.identity} data-speaking={person.speaking}>
            {person.speaking && <Volume2 size={16} aria-label={t("speaking")} />}
            {nameOf({ name: person.name, name_en: person.nameEn })}
          </li>
        ))}
      </ul>
    </section>
  );
}
