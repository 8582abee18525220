/** An installation with many hospitals at once, as the benchmark of thirty rooms has it. */
import { spawn } from "node:child_process";
import path from "node:path";

import { type Product, ROOT } from "./product";

const PYTHON = path.join(ROOT, ".venv/bin/python");

export interface ManyRooms extends Pick<Product, "url" | "passwords"> {
  readonly login: string;
  stop(): Promise<void>;
}

/** Starts it and waits until every table is on its way in. */
export async function startManyRooms(number: number): Promise<ManyRooms> {
  const child = spawn(PYTHON, ["-m", "tongtai.entrypoints.bench.many_rooms", String(number)], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", resolve);
    child.once("exit", (code) => reject(new Error(`the rooms ended with ${code} before they were ready`)));
  });
  const { url, login, password } = JSON.parse(line) as { url: string; login: string; password: string };
  return {
    url,
    login,
    passwords: new Map([[login, password]]),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
