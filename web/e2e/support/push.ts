/** A CT on its way to a case, as a hospital's technician sends it. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { type Product, ROOT, TONGTAI } from "./product";

const run = promisify(execFile);
const PYTHON = path.join(ROOT, ".venv/bin/python");

/** `tongtai push-ct` of a folder, by the site's technician. */
export async function pushCt(
  product: Pick<Product, "url" | "passwords">,
  site: string,
  caseNumber: string,
  folder: string,
  options: readonly string[] = [],
): Promise<void> {
  const login = `${site}.technician`;
  await sendCt({ url: product.url, password: product.passwords.get(login) ?? "" }, login, caseNumber, folder, options);
}

/** `tongtai push-ct` of a folder, by anybody. */
export async function sendCt(
  server: { readonly url: string; readonly password: string },
  login: string,
  caseNumber: string,
  folder: string,
  options: readonly string[] = [],
): Promise<void> {
  await run(TONGTAI, ["push-ct", folder, "--case", caseNumber, "--server", server.url, "--login", login, ...options], {
    env: { ...process.env, TONGTAI_PASSWORD: server.password },
  });
}

/** One small CT of the first table's patient in every lossless encoding, a folder for each; returns their names. */
export async function makeEncodedSeries(folder: string): Promise<string[]> {
  const { stdout } = await run(PYTHON, ["-m", "tests.support.encoded_series", folder], { cwd: ROOT });
  return stdout.trim().split("\n");
}
