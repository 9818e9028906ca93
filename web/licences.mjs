// The licence of every package whose code or data is served, as LICENSES.txt.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const COASTLINE = `Coastline: (c) OpenStreetMap contributors, Open Database License (ODbL) 1.0,
https://opendatacommons.org/licenses/odbl/1.0/ ; from the npm package @geo-maps/countries-coastline-1m
(MIT for its code), clipped to Hong Kong. The clipped database, coastline-*.json, is under the ODbL too.
`;

export function licences(web) {
  const lock = JSON.parse(readFileSync(join(web, "package-lock.json"), "utf8"));
  const served = Object.entries(lock.packages).filter(([path, entry]) => path !== "" && !entry.dev);
  const parts = served.map(([path, entry]) => {
    const folder = join(web, path);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return `${manifest.name} ${manifest.version} (${entry.license ?? manifest.license})\n\n${textIn(folder)}`;
  });
  return ["What Lionrock's pages carry of others' work.\n", COASTLINE, ...parts].join(`\n${"-".repeat(78)}\n`);
}

function textIn(folder) {
  if (!existsSync(folder)) throw new Error(`${folder} is not installed: run npm ci`);
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? "(the package carries no licence text of its own)\n" : readFileSync(join(folder, file), "utf8");
}
