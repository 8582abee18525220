import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** Both names are asked for: each page can be read in both languages. */
export function NameFields() {
  const { t } = useTranslation();
  const rules = [{ required: true, whitespace: true, message: t("form.missing") }];
  return (
    <>
      <Form.Item name="name" label={t("name.zh")} rules={rules}>
        <Input maxLength={200} autoFocus lang="zh-CN" />
      </Form.Item>
      <Form.Item name="name_en" label={t("name.en")} rules={rules}>
        <Input maxLength={200} lang="en" />
      </Form.Item>
    </>
  );
}
