import { useTeamName } from "../shell/preferences";
import type { FrozenPicture } from "@tongtai/session-core";
import {
  authorColour,
  type DrawingTool,
  FeedVideo,
  LinkState,
  LiveDrawingSurface,
  useLiveRoom,
  useNames,
  useRuntime,
  type SessionHandle,
} from "@tongtai/react";
import { StateMark, ToolButton } from "@tongtai/ui";
import { Snowflake } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { DrawingTools } from "./DrawingTools";
import { takePicture } from "./frozenPicture";
import { useKeys } from "./hotkeys";
import { useNotices } from "./notices";
import { useSurfaceDrawing } from "./surfaceDrawing";

/** Why there is nothing to see: the connection is away, or nobody sends. */
function NoPicture({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation("expert");
  const { status } = useLiveRoom(caseId);
  return <p className="picture__none">{t(status === "connected" ? "focus.noFeed" : `connection.${status}`)}</p>;
}

interface FocusPictureProps {
  readonly session: SessionHandle;
  readonly caseId: string;
  readonly feed: string | null;
  readonly may: (permission: string) => boolean;
}

/** The large picture: live or frozen, whole, with everybody's drawings. */
export function FocusPicture(props: FocusPictureProps) {
  const { t } = useTranslation("expert");
  const { session, feed, may } = props;
  const video = useRef<HTMLVideoElement | null>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const [tool, setTool] = useState<DrawingTool | null>(null);
  const drawing = usePictureDrawing(props);
  const frozen = feed === null ? undefined : session.snapshot?.state.frozen[feed];
  const freeze = useFreeze(props, video);
  const allowed = may("session_draw");
  useWatchedHigh(props.caseId, feed);
  useKeys({
    F: allowed ? freeze : undefined,
    D: allowed ? () => setTool((now) => (now === "pen" ? null : "pen")) : undefined,
    P: allowed ? () => setTool((now) => (now === "pointer" ? null : "pointer")) : undefined,
    U: drawing.undo,
    C: drawing.clear,
    Escape: () => setTool(null),
  });
  return (
    <div className="picture" data-frozen={frozen !== undefined}>
      <PictureHead {...props} frozen={frozen} onFreeze={allowed && feed ? freeze : undefined} />
      <div className="picture__body">
        <DrawingTools {...{ tool, drawing }} target="picture" onTool={setTool} disabled={!allowed || feed === null} />
        <div className="picture__box">
          {feed === null && <NoPicture caseId={props.caseId} />}
          {feed !== null && (
            <FeedVideo
              caseId={props.caseId}
              feed={feed}
              layer="high"
              testId="focus-video"
              onPictureSize={setSize}
              videoRef={(element) => {
                video.current = element;
              }}
            />
          )}
          {frozen?.jpeg_data_url && <img className="picture__frozen" src={frozen.jpeg_data_url} alt={t("frozen")} />}
          {feed !== null && (
            <LiveDrawingSurface
              caseId={props.caseId}
              surface={drawing.surface}
              strokes={drawing.strokes}
              named={drawing.named}
              pictureSize={size}
              tool={allowed ? tool : null}
              colour={authorColour(drawing.author.id)}
              author={drawing.author}
              onStroke={drawing.add}
              onPartial={drawing.partial}
              onPointer={(at) => {
                drawing.point(feed, at);
              }}
            />
          )}
        </div>
      </div>
    </div>
  );
}

/** The large picture is what counts for the room's measured delay while it is shown. */
function useWatchedHigh(caseId: string, feed: string | null): void {
  const { rooms } = useRuntime();
  useEffect(() => (feed === null ? undefined : rooms.probe(caseId).watch(feed, "high")), [rooms, caseId, feed]);
}

function usePictureDrawing({ session, caseId, feed }: FocusPictureProps) {
  const freezeId = feed === null ? undefined : session.snapshot?.state.frozen[feed]?.freeze_id;
  const surface = { kind: "feed", feed: feed ?? "", ...(freezeId ? { frozen: freezeId } : {}) } as const;
  return useSurfaceDrawing(session, caseId, surface);
}

function useFreeze({ session, feed }: FocusPictureProps, video: { readonly current: HTMLVideoElement | null }) {
  const { t } = useTranslation("expert");
  const { watch, tell } = useNotices();
  return () => {
    if (feed === null) return;
    const frozen = session.snapshot?.state.frozen[feed];
    if (frozen) {
      watch(session.send({ type: "picture.unfrozen", payload: { freeze_id: frozen.freeze_id } }));
      return;
    }
    const picture = video.current ? takePicture(video.current) : null;
    if (picture === null) {
      tell(t("freeze.noPicture"));
      return;
    }
    const payload = { freeze_id: crypto.randomUUID(), feed, jpeg_data_url: picture };
    watch(session.send({ type: "picture.frozen", payload }));
  };
}

interface PictureHeadProps extends FocusPictureProps {
  readonly frozen: FrozenPicture | undefined;
  readonly onFreeze: (() => void) | undefined;
}

function PictureHead({ session, caseId, feed, frozen, onFreeze }: PictureHeadProps) {
  const { t } = useTranslation("expert");
  const { roomOf } = useNames();
  const { quality, status } = useLiveRoom(caseId);
  const facts = session.snapshot?.case;
  const named = useTeamName(facts?.team);
  if (!facts) return null;
  return (
    <header className="picture__head">
      <strong>{roomOf(facts)}</strong>
      {feed !== null && <span>{t(`feed.${feed}`, { defaultValue: feed })}</span>}
      <span className="dim">
        {facts.number} · {facts.lesion} · {t(`technique.${facts.technique}`)}
      </span>
      <span className="picture__state">
        <LinkState quality={quality} status={status} coming={feed !== null} testId="focus-link" />
        {frozen && <StateMark level="info">{t("frozenBy", { name: named(frozen.by_name) })}</StateMark>}
        <ToolButton
          icon={<Snowflake size={18} />}
          label={t(frozen ? "freeze.back" : "freeze.label")}
          keyHint="F"
          aria-keyshortcuts="F"
          pressed={frozen !== undefined}
          disabled={!onFreeze}
          data-testid="freeze"
          onClick={onFreeze}
        />
      </span>
    </header>
  );
}
