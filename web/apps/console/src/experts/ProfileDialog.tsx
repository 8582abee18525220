import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Expert, type ExpertProfile, expertsApi } from "@tongtai/api-client";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../shell/FormDialog";
import { usePersonName } from "../shell/preferences";
import { useWords } from "../workflow/words";
import { EXPERTS } from "./ExpertsPage";

/** What an expert says of themselves. */
export function ProfileDialog({ expert, onClose }: { readonly expert: Expert; onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: shell } = useTranslation();
  const { choices } = useWords();
  const personName = usePersonName();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (fields: ExpertProfile) => expertsApi.describe(expert.user_id, fields),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: EXPERTS });
      onClose();
    },
  });
  return (
    <FormDialog<ExpertProfile>
      title={personName(expert)}
      okText={shell("save")}
      initialValues={{ title: expert.title, specialties: expert.specialties, languages: expert.languages }}
      busy={save.isPending}
      error={save.error}
      onSubmit={save.mutate}
      onClose={onClose}
    >
      <Form.Item name="title" label={t("expert.titleOf")}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="specialties" label={t("expert.specialties")}>
        <Select mode="multiple" options={choices("specialty")} optionFilterProp="label" />
      </Form.Item>
      <Form.Item name="languages" label={t("expert.languages")} extra={t("expert.languagesHint")}>
        <Select mode="tags" tokenSeparators={[",", "，", "、"]} open={false} suffixIcon={null} />
      </Form.Item>
    </FormDialog>
  );
}
