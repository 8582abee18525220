import { Alert, Form, type FormInstance, Modal } from "antd";
import type { ReactNode } from "react";

import { useErrorText } from "../shell/errors";

interface FormDialogProps<F extends object> {
  readonly title: string;
  readonly okText: string;
  readonly form?: FormInstance<F>;
  readonly initialValues?: Partial<F>;
  readonly busy: boolean;
  readonly error: unknown;
  onSubmit(fields: F): void;
  onClose(): void;
  readonly children: ReactNode;
}

/** A dialog with one form; the caller mounts it when it opens, so that each opening starts clean. */
export function FormDialog<F extends object>(props: FormDialogProps<F>) {
  const errorText = useErrorText();
  const [ownForm] = Form.useForm<F>();
  const form = props.form ?? ownForm;
  return (
    <Modal
      open
      title={props.title}
      okText={props.okText}
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
        onFinish={(fields) => {
          props.onSubmit(fields);
        }}
      >
        {props.children}
      </Form>
      {props.error !== null && <Alert type="error" showIcon role="alert" title={errorText(props.error)} />}
    </Modal>
  );
}
