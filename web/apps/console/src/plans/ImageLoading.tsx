import { ErrorState } from "@tongtai/ui";
import { Progress } from "antd";
import { useTranslation } from "react-i18next";

import type { useGrey } from "./volumes";

interface ImageLoadingProps {
  readonly grey: ReturnType<typeof useGrey>;
  /** Something that lies over the CT could not be read. */
  readonly failed: boolean;
}

const BYTES_PER_MEGABYTE = 1e6;
const megabytes = (bytes: number): string => (bytes / BYTES_PER_MEGABYTE).toFixed(0);

/** In place of the planes, until the CT is here. */
export function ImageLoading({ grey, failed }: ImageLoadingProps) {
  const { t } = useTranslation("plan");
  return (
    <div className="plan-loading" data-testid="plan-loading">
      {failed || grey.missing ? (
        <ErrorState title={t("image.failed")} text={t(grey.missing ? "image.missing" : "image.again")} />
      ) : (
        <>
          <Progress
            type="circle"
            percent={Math.min(99, Math.round((grey.received_bytes / Math.max(1, grey.total_bytes)) * 100))}
          />
          <p>{t("image.loading", { received: megabytes(grey.received_bytes), total: megabytes(grey.total_bytes) })}</p>
        </>
      )}
    </div>
  );
}
