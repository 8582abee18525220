export { FeedVideo } from "./FeedVideo";
export { SessionProvider, useObservable, useRuntime, type SessionRuntime } from "./runtime";
export { useLiveRoom, type LiveRoomHandle } from "./useLiveRoom";
export { useSession, type SessionHandle } from "./useSession";
export { useWall, type WallHandle, type WallRoom } from "./useWall";
export { useNames } from "./names";
export { LiveDrawingSurface, type LiveDrawingSurfaceProps } from "./LiveDrawingSurface";
export { usePassing } from "./usePassing";
export { shownStroke, useDrawing, type DrawingHandle, type Naming } from "./useDrawing";
