import { useEffect, useState } from "react";

export interface Devices {
  readonly cameras: readonly MediaDeviceInfo[];
  readonly microphones: readonly MediaDeviceInfo[];
}

const NONE: Devices = { cameras: [], microphones: [] };

/** The devices of this machine; follows plugging in and out, and reads the names again after `permission` changed. */
export function useDevices(permission: unknown): Devices {
  const [devices, setDevices] = useState<Devices>(NONE);
  useEffect(() => {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) return undefined;
    let current = true;
    const read = async (): Promise<void> => {
      const all = await media.enumerateDevices();
      if (!current) return;
      setDevices({
        cameras: all.filter(({ kind }) => kind === "videoinput"),
        microphones: all.filter(({ kind }) => kind === "audioinput"),
      });
    };
    const changed = (): void => void read().catch(() => undefined);
    changed();
    media.addEventListener("devicechange", changed);
    return () => {
      current = false;
      media.removeEventListener("devicechange", changed);
    };
  }, [permission]);
  return devices;
}
