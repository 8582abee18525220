import { useTranslation } from "react-i18next";

import type { Cross } from "./viewportKeys";

/** Where the keys stand in the picture, and the length that they are drawing. */
export function CrossMark({ cross: { at, from } }: { cross: Cross }) {
  const { t } = useTranslation("room");
  const [x, y] = at;
  return (
    <>
      <svg className="tt-ct__cross" aria-hidden="true" data-testid="ct-cross">
        <path d={`M${x - 12} ${y}h24M${x} ${y - 12}v24`} />
        {from ? <path d={`M${from[0]} ${from[1]}L${x} ${y}`} strokeDasharray="4 4" /> : null}
      </svg>
      <p className="tt-ct__cross-hint" role="status">
        {t(from ? "ct.cross.second" : "ct.cross.first")}
      </p>
    </>
  );
}
