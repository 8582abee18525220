import { Form, type FormInstance, Modal } from "antd";
import type { ReactNode } from "react";

import { Refusal } from "../workflow/Lacks";
import type { Naming } from "../workflow/words";

interface FormDialogProps<F extends object> {
  readonly title: string;
  readonly okText: string;
  readonly form?: FormInstance<F>;
  readonly initialValues?: Partial<F>;
  readonly busy: boolean;
  readonly error: unknown;
  /** Names of people and institutions in what is missing. */
  readonly naming?: Naming;
  readonly width?: number;
  onSubmit(fields: F): void;
  onClose(): void;
  /** Every change, for a draft that survives leaving the page. */
  onChange?(all: F): void;
  readonly children: ReactNode;
}

/** A dialog with one form; the caller mounts it when it opens, so that each opening starts clean. */
export function FormDialog<F extends object>(props: FormDialogProps<F>) {
  const [ownForm] = Form.useForm<F>();
  const form = props.form ?? ownForm;
  return (
    <Modal
      open
      title={props.title}
      okText={props.okText}
      width={props.width}
      okButtonProps={{ "data-testid": "dialog-ok" }}
      confirmLoading={props.busy}
      onOk={() => {
        form.submit();
      }}
      onCancel={props.onClose}
    >
      <Form<F>
        form={form}
        layout="vertical"
        initialValues={props.initialValues}
        scrollToFirstError={{ focus: true }}
        onValuesChange={(_, all) => props.onChange?.(all)}
        onFinish={(fields) => {
          props.onSubmit(fields);
        }}
      >
        {props.children}
      </Form>
      <Refusal error={props.error} naming={props.naming} />
    </Modal>
  );
}
