import { Badge, Popover } from "antd";
import { ToolButton } from "@tongtai/ui";
import { Bell } from "lucide-react";
import { useTranslation } from "react-i18next";

import { NoticeList } from "./NoticeList";
import { useNotices } from "./notices";

/** How many calls wait, on every page; the list opens below. */
export function NoticeBell() {
  const { t } = useTranslation("desk");
  const { data } = useNotices();
  const count = data?.length ?? 0;
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        count === 0 ? (
          t("noNotices")
        ) : (
          <div className="desk-popover">
            <NoticeList />
          </div>
        )
      }
    >
      <Badge count={count} size="small">
        <ToolButton icon={<Bell size={18} />} label={t("noticesCount", { count })} iconOnly data-testid="notice-bell" />
      </Badge>
    </Popover>
  );
}
