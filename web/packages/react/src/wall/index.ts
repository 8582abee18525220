export { formatDelay, formatElapsed, useSecond } from "./elapsed";
export { mainFeed, orderedFeeds } from "./feeds";
export { LinkState } from "./LinkState";
export { RoomTile } from "./RoomTile";
export { type RoomOrder, type SortMode, useRoomOrder } from "./useRoomOrder";
export { gridFor, Wall } from "./Wall";
