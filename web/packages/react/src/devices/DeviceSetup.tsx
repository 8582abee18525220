import { ToolButton } from "@tongtai/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { LevelMeter } from "./LevelMeter";
import { deviceLabel, type DeviceProblem } from "./media";
import { TrackVideo } from "./TrackVideo";
import { useDevices } from "./useDevices";
import type { Publisher } from "./usePublisher";

const FEEDS = ["ultrasound", "room", "ct", "monitor"] as const;

function Sources({ publisher }: { readonly publisher: Publisher }) {
  const { t } = useTranslation("room");
  return (
    <ul className="room-sources">
      {publisher.feeds.map(({ feed, track }) => (
        <li key={feed}>
          <div className="room-sources__picture">
            <TrackVideo track={track} label={t("devices.preview", { feed: t(`feed.${feed}`) })} />
          </div>
          <strong>{t(`feed.${feed}`)}</strong>
          <span>{track.label}</span>
          <ToolButton size="room" label={t("devices.stop")} onClick={() => void publisher.removeFeed(feed)} />
        </li>
      ))}
    </ul>
  );
}

/** Why a camera, microphone or screen does not come, and what to do about it. */
export function DeviceProblemNote({ problem }: { readonly problem: DeviceProblem }) {
  const { t } = useTranslation("room");
  return (
    <p
      role="alert"
      className="room-alert"
      data-testid="device-problem"
      ref={(element) => element?.scrollIntoView({ block: "nearest" })}
    >
      {t(`devices.problem.${problem}`)}
    </p>
  );
}

/** Chooses what this machine sends: cameras and capture cards, screen, microphone; each with a preview or a level. */
export function DeviceSetup({ publisher }: { readonly publisher: Publisher }) {
  const { t } = useTranslation("room");
  const devices = useDevices(publisher.feeds.length + (publisher.microphone ? 1 : 0));
  const [feed, setFeed] = useState<string>("ultrasound");
  const [camera, setCamera] = useState("");
  return (
    <div className="room-devices">
      {publisher.problem ? <DeviceProblemNote problem={publisher.problem} /> : null}
      <h3>{t("devices.pictures")}</h3>
      <Sources publisher={publisher} />
      <div className="room-devices__row">
        <label>
          {t("devices.feed")}
          <select value={feed} onChange={(event) => setFeed(event.target.value)} data-testid="device-feed">
            {FEEDS.map((name) => (
              <option key={name} value={name}>
                {t(`feed.${name}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("devices.camera")}
          <select value={camera} onChange={(event) => setCamera(event.target.value)} data-testid="device-camera">
            <option value="">{t("devices.default")}</option>
            {devices.cameras.map((device, index) => (
              <option key={device.deviceId || index} value={device.deviceId}>
                {deviceLabel(device, index, t("devices.camera"))}
              </option>
            ))}
          </select>
        </label>
        <ToolButton
          size="room"
          tone="primary"
          label={t("devices.add_camera")}
          data-testid="add-camera"
          onClick={() => void publisher.addCamera(feed, camera || null)}
        />
        <ToolButton size="room" label={t("devices.add_screen")} onClick={() => void publisher.addScreen(feed)} />
      </div>
      <h3>{t("devices.microphone")}</h3>
      <div className="room-devices__row">
        <label>
          {t("devices.microphone")}
          <select
            value={publisher.microphone?.getSettings().deviceId ?? ""}
            onChange={(event) => void publisher.useMicrophone(event.target.value || null)}
          >
            <option value="">{t("devices.default")}</option>
            {devices.microphones.map((device, index) => (
              <option key={device.deviceId || index} value={device.deviceId}>
                {deviceLabel(device, index, t("devices.microphone"))}
              </option>
            ))}
          </select>
        </label>
        {publisher.microphone ? (
          <LevelMeter track={publisher.microphone} label={t("devices.level")} />
        ) : (
          <ToolButton
            size="room"
            tone="primary"
            label={t("devices.add_microphone")}
            data-testid="add-microphone"
            onClick={() => void publisher.useMicrophone(null)}
          />
        )}
      </div>
    </div>
  );
}
