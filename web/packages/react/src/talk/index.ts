export { ExpertsPanel } from "./ExpertsPanel";
export { TalkBand } from "./TalkBand";
export { TalkBar } from "./TalkBar";
export { type TalkHandle, useTalk } from "./useTalk";
