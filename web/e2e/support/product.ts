/** Starts the real product with its demonstration, exactly as `make run` does, and reads the passwords it prints. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../../..");
const READY_WITHIN_MS = 180_000;
const CREDENTIAL = /^\s*(?<login>[a-z][a-z0-9._-]+)\s+(?<password>\S{12,})\s/;

export interface Product {
  readonly url: string;
  readonly data: string;
  readonly passwords: ReadonlyMap<string, string>;
  readonly process: ChildProcess;
  output(): string;
  stop(): Promise<void>;
}

export const TONGTAI = path.join(ROOT, ".venv/bin/tongtai");
export const SHARED = process.env.TONGTAI_SHARED ?? path.resolve(ROOT, "../shared");

const CLIP_FOLDER = path.join(SHARED, "data/ultrasound-clips");
/** Options that play real ultrasound where there are clips; else it is simulated. */
export const CLIPS: readonly string[] = existsSync(CLIP_FOLDER) ? ["--demo-media", CLIP_FOLDER] : [];

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  });
}

async function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}:\n${output()}`);
    // The server answers before the demonstration is dressed; this line says that all of it is there.
    if (output().includes("is ready after")) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`the product was not ready in ${READY_WITHIN_MS / 1000} s:\n${output()}`);
}

export async function startProduct(
  extraArguments: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Product> {
  const data = await mkdtemp(path.join(tmpdir(), "tongtai-e2e-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Sessions watch today's rooms; cases for the days to come are asked for where they are needed.
  const referrals = extraArguments.includes("--demo-referrals") ? [] : ["--no-demo-referrals"];
  const all = ["up", "--demo", "--port", String(port), "--data", data, ...referrals, ...extraArguments];
  const child = spawn(TONGTAI, all, {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1", COLUMNS: "200", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => lines.push(chunk));
  }
  const output = () => lines.join("");
  await untilReady(child, output);
  const passwords = new Map<string, string>();
  for (const line of output().split("\n")) {
    const groups = CREDENTIAL.exec(line.replaceAll(/[│|]/g, " "))?.groups;
    if (groups?.login && groups.password) passwords.set(groups.login, groups.password);
  }
  return {
    url,
    data,
    passwords,
    process: child,
    output,
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
}
