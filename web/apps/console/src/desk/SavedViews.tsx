import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { workflowApi } from "@tongtai/api-client";
import { Button, Dropdown, Input, Modal } from "antd";
import { BookmarkPlus, ChevronDown, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { addressOf, viewOf } from "./queueChoice";

const KEY = ["queue-views"] as const;

interface SavedViewsProps {
  readonly search: URLSearchParams;
  onView(search: URLSearchParams): void;
}

/** Filters of the queue under a name of one's own. */
export function SavedViews({ search, onView }: SavedViewsProps) {
  const { t } = useTranslation("desk");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const views = useQuery({ queryKey: KEY, queryFn: workflowApi.views });
  const [name, setName] = useState<string | null>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: KEY });
  const save = useMutation({
    mutationFn: (view: string) => workflowApi.saveView(view, viewOf(search)),
    onSuccess: async () => {
      setName(null);
      await refresh();
    },
  });
  const remove = useMutation({ mutationFn: (view: string) => workflowApi.removeView(view), onSettled: refresh });
  const known = Object.entries(views.data ?? {});
  return (
    <>
      <Dropdown
        trigger={["click"]}
        disabled={known.length === 0}
        menu={{
          items: known.map(([view]) => ({
            key: view,
            label: (
              <span className="desk-view">
                {view}
                <button
                  type="button"
                  className="desk-view__remove"
                  aria-label={t("removeView", { name: view })}
                  onClick={(event) => {
                    event.stopPropagation();
                    remove.mutate(view);
                  }}
                >
                  <Trash2 size={16} aria-hidden="true" />
                </button>
              </span>
            ),
          })),
          onClick: ({ key }) => {
            const view = views.data?.[key];
            if (view !== undefined) onView(addressOf(view as Parameters<typeof addressOf>[0]));
          },
        }}
      >
        <Button icon={<ChevronDown size={16} aria-hidden="true" />} data-testid="queue-views">
          {t("views")}
        </Button>
      </Dropdown>
      <Button
        icon={<BookmarkPlus size={16} aria-hidden="true" />}
        data-testid="queue-save-view"
        onClick={() => {
          setName("");
        }}
      >
        {t("saveView")}
      </Button>
      <Modal
        open={name !== null}
        title={t("saveView")}
        okText={word("save")}
        cancelText={word("cancel")}
        okButtonProps={{ disabled: name === null || name.trim() === "", "data-testid": "view-confirm" }}
        confirmLoading={save.isPending}
        onOk={() => {
          if (name !== null) save.mutate(name.trim());
        }}
        onCancel={() => {
          setName(null);
        }}
      >
        <Input
          autoFocus
          aria-label={t("viewName")}
          placeholder={t("viewName")}
          data-testid="view-name"
          maxLength={100}
          value={name ?? ""}
          onChange={({ target }) => {
            setName(target.value);
          }}
          onPressEnter={() => {
            if (name !== null && name.trim() !== "") save.mutate(name.trim());
          }}
        />
        {save.isError && (
          <p role="alert" className="desk-refused">
            {errorText(save.error)}
          </p>
        )}
      </Modal>
    </>
  );
}
