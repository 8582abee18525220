/** What a key does on the operating-room page; the words are in `keys.<act>` of the room's language files. */
export const ROOM_KEYS = [
  { keys: ["A"], act: "accept" },
  { keys: ["X"], act: "decline" },
  { keys: ["F"], act: "next_picture" },
  { keys: ["M"], act: "microphone" },
  { keys: ["H"], act: "call" },
  { keys: ["Tab"], act: "next_control" },
  { keys: ["?"], act: "help" },
] as const;
