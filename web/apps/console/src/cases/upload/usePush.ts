import type { ImagePush } from "@tongtai/api-client";
import { useRef, useState } from "react";

import type { ChosenFile } from "./collect";
import { ImagingPush, type PushProgress, serverTransport } from "./push";

export type PushState =
  | { readonly at: "idle" }
  | { readonly at: "sending"; readonly progress?: PushProgress }
  | { readonly at: "cancelled"; readonly progress?: PushProgress }
  | { readonly at: "failed"; readonly progress?: PushProgress; readonly error: unknown }
  | { readonly at: "done"; readonly progress?: PushProgress; readonly summary: ImagePush };

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export function usePush(caseId: string, onArrived: () => void) {
  const [state, setState] = useState<PushState>({ at: "idle" });
  const running = useRef<ImagingPush>(undefined);
  const start = async (files: readonly ChosenFile[]) => {
    let progress: PushProgress | undefined;
    const push = new ImagingPush(files, serverTransport(caseId), (next) => {
      progress = next;
      setState((now) => (now.at === "sending" ? { at: "sending", progress: next } : now));
    });
    running.current = push;
    setState({ at: "sending" });
    try {
      const summary = await push.run();
      setState({ at: "done", progress, summary });
    } catch (error) {
      setState(isAbort(error) ? { at: "cancelled", progress } : { at: "failed", progress, error });
    }
    onArrived();
  };
  return {
    state,
    start,
    cancel: () => running.current?.cancel(),
    confirmed: (summary: ImagePush) => {
      setState((now) => ({ at: "done", summary, progress: now.at === "done" ? now.progress : undefined }));
      onArrived();
    },
  };
}
