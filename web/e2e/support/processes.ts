/** The product's own processes: who they are and what they cost. */
import { readFileSync, readdirSync } from "node:fs";

const TICKS_PER_S = 100;

/** The child of `parent` whose command line contains `word`. */
export function childOf(parent: number, word: string): number {
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [, ppid] = stat(Number(entry));
      if (Number(ppid) === parent && readFileSync(`/proc/${entry}/cmdline`, "utf8").includes(word))
        return Number(entry);
    } catch {
      continue;
    }
  }
  throw new Error(`process ${parent} has no child with ${word} in its command line`);
}

/** Processor seconds that a process has used. */
export function processorSeconds(pid: number): number {
  const fields = stat(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

function stat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
