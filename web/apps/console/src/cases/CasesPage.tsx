import { useQuery } from "@tanstack/react-query";
import { type CaseState, casesApi } from "@tongtai/api-client";
import { EmptyState, ErrorState } from "@tongtai/ui";
import { Button, Input, type InputRef, Segmented } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { useHotkey } from "../shell/hotkeys";
import { useMe } from "../shell/session";
import { CaseTable } from "./CaseTable";

const STATES = ["", "scheduled", "in_procedure", "closed"] as const;

/** Whatever stands in the URL: only a state that exists is asked for. */
function stateOf(text: string): CaseState | undefined {
  return STATES.find((state) => state !== "" && state === text) as CaseState | undefined;
}
const REFRESH_MS = 15_000;

/** The filters live in the URL, so that a list can be sent to a colleague and survives going back. */
function useFilters() {
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string) => {
    setSearch(
      (previous) => {
        const next = new URLSearchParams(previous);
        if (value === "") next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };
  return { state: search.get("state") ?? "", q: search.get("q") ?? "", set };
}

export default function CasesPage() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { permissions, institution } = useMe();
  const { state, q, set } = useFilters();
  const searchBox = useRef<InputRef>(null);
  useHotkey("/", () => searchBox.current?.focus());
  const cases = useQuery({
    queryKey: ["cases", state, q],
    queryFn: () => casesApi.list({ state: stateOf(state), q }),
    placeholderData: (previous) => previous,
    refetchInterval: REFRESH_MS,
  });
  const mayCreate = permissions.includes("case_write") && institution.kind === "inviting";
  const filtered = state !== "" || q !== "";
  return (
    <>
      <div className="page-head">
        <h1>{t("cases.title")}</h1>
        {cases.data !== undefined && (
          <span className="shell-dim">{t("cases.count", { count: cases.data.length })}</span>
        )}
        {mayCreate && (
          <div className="page-head__end">
            <Link to="/cases/new">
              <Button type="primary" tabIndex={-1}>
                {t("cases.new")}
              </Button>
            </Link>
          </div>
        )}
      </div>
      <div className="page-filters" role="search">
        <Input.Search
          ref={searchBox}
          allowClear
          defaultValue={q}
          placeholder={t("cases.search")}
          aria-label={t("cases.search")}
          aria-keyshortcuts="/"
          style={{ width: 360 }}
          onSearch={(value) => {
            set("q", value.trim());
          }}
        />
        <Segmented
          value={state}
          aria-label={t("cases.state")}
          options={STATES.map((value) => ({ value, label: t(value === "" ? "cases.allStates" : `state.${value}`) }))}
          onChange={(value) => {
            set("state", value);
          }}
        />
      </div>
      {cases.isError ? (
        <ErrorState
          title={t("error.title")}
          text={errorText(cases.error)}
          action={<Button onClick={() => void cases.refetch()}>{t("retry")}</Button>}
        />
      ) : cases.data?.length === 0 ? (
        <EmptyState
          title={t(filtered ? "cases.noneFound" : "cases.none")}
          text={t(filtered ? "cases.noneFoundText" : mayCreate ? "cases.noneTextSite" : "cases.noneText")}
        />
      ) : (
        <CaseTable cases={cases.data ?? []} loading={cases.isPending} />
      )}
    </>
  );
}
