import { describe, expect, it } from "vitest";

import { KEYS as DESK_KEYS } from "../expert/hotkeys";
import { ROOM_KEYS } from "../room/keys";
import { KEYS as SHELL_KEYS } from "./HelpDialog";

const sources = import.meta.glob<string>("../**/*.tsx", { query: "?raw", import: "default", eager: true });

/** The arguments of each call of a function, as written. */
function callsOf(name: string, text: string): string[] {
  return [...text.matchAll(new RegExp(`${name}\\(`, "g"))].map(({ index }) => {
    let depth = 0;
    const start = index + name.length;
    for (let end = start; end < text.length; end += 1) {
      if (text[end] === "(") depth += 1;
      else if (text[end] === ")" && (depth -= 1) === 0) return text.slice(start, end);
    }
    return text.slice(start);
  });
}

/** The keys that the sources of one folder listen to, in capitals. */
function heardIn(folder: string): Set<string> {
  const heard = new Set<string>();
  for (const [file, text] of Object.entries(sources)) {
    if (!file.startsWith(`../${folder}/`) && !file.startsWith(`./${folder}/`)) continue;
    for (const [, key] of text.matchAll(/useHotkey\("([^"]+)"/g)) heard.add((key ?? "").toUpperCase());
    for (const call of callsOf("useKeys", text)) {
      for (const [, key] of call.matchAll(/[{,]\s*"?(⇧?[A-Z]|Space|Escape|[0-9?])"?:/g))
        heard.add((key ?? "").toUpperCase());
    }
  }
  return heard;
}

function listed(table: readonly { keys: readonly string[] }[]): Set<string> {
  return new Set(table.flatMap(({ keys }) => keys).map((key) => key.toUpperCase().replace("ESC", "ESCAPE")));
}

describe("the help of a page lists every key of it", () => {
  it.each([
    ["room", ROOM_KEYS, 5],
    ["expert", DESK_KEYS, 12],
    ["cases", SHELL_KEYS, 1],
  ] as const)("%s", (folder, table, least) => {
    const heard = heardIn(folder);
    expect(heard.size).toBeGreaterThanOrEqual(least);
    expect([...heard].filter((key) => !listed(table).has(key))).toEqual([]);
  });
});
