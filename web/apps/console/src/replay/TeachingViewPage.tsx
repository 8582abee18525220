export { TeachingViewPage as default } from "./ReplayPage";
