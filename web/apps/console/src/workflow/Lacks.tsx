import type { Lack } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Alert } from "antd";

import { type Naming, useWords } from "./words";

import "./workflow.css";

/** Everything that is missing, one line each. */
export function Lacks({ lacks, naming }: { readonly lacks: readonly Lack[]; readonly naming?: Naming }) {
  const { lackText } = useWords();
  if (lacks.length === 0) return null;
  return (
    <ul className="lacks">
      {lacks.map((lack) => (
        <li key={lack.code + JSON.stringify(lack.values)}>
          <StateMark level="warn">{lackText(lack, naming)}</StateMark>
        </li>
      ))}
    </ul>
  );
}

/** Why the server refused: its sentence, and the whole list of what is missing. */
export function Refusal({ error, naming }: { readonly error: unknown; readonly naming?: Naming }) {
  const { errorText, lacksOf } = useWords();
  if (error === null || error === undefined) return null;
  const lacks = lacksOf(error, naming);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={errorText(error)}
      description={
        lacks.length > 0 ? (
          <ul className="lacks">
            {lacks.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        ) : undefined
      }
    />
  );
}
