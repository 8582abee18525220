import type { LiveRoom } from "@tongtai/session-core";
import { useCallback, useEffect, useRef, useState } from "react";

import { CAMERA_CONSTRAINTS, type DeviceProblem, deviceProblem } from "./media";

export interface PublishedFeed {
  readonly feed: string;
  readonly track: MediaStreamTrack;
}

export interface Publisher {
  readonly feeds: readonly PublishedFeed[];
  readonly microphone: MediaStreamTrack | null;
  readonly microphoneOpen: boolean;
  /** The last thing that went wrong; null after the next success. */
  readonly problem: DeviceProblem | null;
  /** Sends a camera or capture card as a feed of the room, in two layers. */
  addCamera(feed: string, deviceId: string | null): Promise<void>;
  addScreen(feed: string): Promise<void>;
  removeFeed(feed: string): Promise<void>;
  useMicrophone(deviceId: string | null): Promise<void>;
  setMicrophoneOpen(open: boolean): void;
}

const exact = (deviceId: string | null): MediaTrackConstraints => (deviceId ? { deviceId: { exact: deviceId } } : {});

/** What this page sends into its room. Stops every device when the page leaves. */
export function usePublisher(live: LiveRoom): Publisher {
  const [feeds, setFeeds] = useState<readonly PublishedFeed[]>([]);
  const [microphone, setMicrophone] = useState<MediaStreamTrack | null>(null);
  const [microphoneOpen, setOpen] = useState(true);
  const [problem, setProblem] = useState<DeviceProblem | null>(null);
  const running = useRef(new Set<MediaStreamTrack>());
  useEffect(() => {
    const tracks = running.current;
    return () => tracks.forEach((track) => track.stop());
  }, []);

  const removeFeed = useCallback(
    async (feed: string) => {
      setFeeds((before) => before.filter((one) => one.feed !== feed || (one.track.stop(), false)));
      await live.publishFeed(feed, null);
    },
    [live],
  );
  const capture = useCallback(
    async (feed: string, kind: "device" | "screen", ask: () => Promise<MediaStream>) => {
      try {
        const track = (await ask()).getVideoTracks()[0];
        if (!track) throw new DOMException("no picture", "NotFoundError");
        running.current.add(track);
        // A cable pulled out, or the browser's own "stop sharing".
        track.addEventListener("ended", () => void removeFeed(feed));
        setFeeds((before) => [...before.filter((one) => one.feed !== feed), { feed, track }]);
        setProblem(null);
        await live.publishFeed(feed, track);
      } catch (error) {
        setProblem(deviceProblem(error, kind));
      }
    },
    [live, removeFeed],
  );
  const chooseMicrophone = useCallback(
    async (deviceId: string | null) => {
      try {
        const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...exact(deviceId) };
        const track = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks()[0] ?? null;
        if (track) running.current.add(track);
        setMicrophone((before) => (before?.stop(), track));
        setProblem(null);
        await live.setMicrophone(track);
        await live.openMicrophone(true);
        setOpen(true);
      } catch (error) {
        setProblem(deviceProblem(error, "device"));
      }
    },
    [live],
  );
  return {
    feeds,
    microphone,
    microphoneOpen,
    problem,
    addCamera: (feed, deviceId) =>
      capture(feed, "device", () =>
        navigator.mediaDevices.getUserMedia({ video: { ...CAMERA_CONSTRAINTS, ...exact(deviceId) } }),
      ),
    addScreen: (feed) =>
      capture(feed, "screen", () => navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 30 }, audio: false })),
    removeFeed,
    useMicrophone: chooseMicrophone,
    setMicrophoneOpen: (open) => {
      setOpen(open);
      void live.openMicrophone(open);
    },
  };
}
