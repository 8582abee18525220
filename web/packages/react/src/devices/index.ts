export { DeviceProblemNote, DeviceSetup } from "./DeviceSetup";
export { LevelMeter } from "./LevelMeter";
export { type DeviceProblem, deviceProblem, levelOf } from "./media";
export { TrackVideo } from "./TrackVideo";
export { useDevices } from "./useDevices";
export { type PublishedFeed, type Publisher, usePublisher } from "./usePublisher";
