export { DrawingSurface, type DrawingSurfaceProps } from "./DrawingSurface";
export {
  AUTHOR_COLOURS,
  authorColour,
  DEFAULT_STROKE_WIDTH,
  type DrawingAuthor,
  type DrawingTarget,
  type DrawingTool,
  type DrawnStroke,
  isOnTarget,
  type ShownPointer,
  type ShownStroke,
  type StrokeTool,
} from "./model";
export { useElementSize } from "./useElementSize";
