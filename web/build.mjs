// Bundles the islands and styles into src/lionrock/app/pages/static: content-hashed names,
// manifest.json (logical name -> file) that the templates read, and LICENSES.txt.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { clippedCoastline } from "./coastline.mjs";
import { licences } from "./licences.mjs";

const WEB = dirname(fileURLToPath(import.meta.url));
const HOME = join(WEB, "../src/lionrock/app/pages/static");
const OUT = `${HOME}.new`; // written aside, so that pages are served from whole builds only

const manifest = {};

function put(name, bytes) {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const extension = extname(name);
  const file = `${basename(name, extension)}-${digest}${extension}`;
  writeFileSync(join(OUT, file), bytes);
  manifest[name] = file;
  return bytes.length;
}

async function bundle() {
  const result = await build({
    absWorkingDir: WEB,
    entryPoints: ["src/console.ts", "src/journeys.ts", "src/weather_effects.ts", "src/incident.ts", "src/status.ts", "src/page.ts", "src/theme.ts", "styles/page.css", "styles/console.css", "styles/journeys.css", "styles/effects_map.css", "styles/map.css"],
    bundle: true,
    splitting: true, // what several islands share, the map's library above all, is fetched once
    entryNames: "[name]",
    chunkNames: "shared-[hash]",
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none", // LICENSES.txt carries them whole
    write: false,
    outdir: OUT,
    logLevel: "warning",
  });
  for (const { path, contents } of result.outputFiles) {
    const file = basename(path);
    if (file.startsWith("shared-")) writeFileSync(join(OUT, file), contents); // islands name it themselves
    else put(file, contents);
  }
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
await bundle();
put("maplibre-worker.js", readFileSync(join(WEB, "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs"), "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
put("coastline.json", JSON.stringify(clippedCoastline()));
put("places.json", JSON.stringify(JSON.parse(readFileSync(join(WEB, "data/places.json"), "utf8"))));
for (const file of readdirSync(join(WEB, "images"))) put(file, readFileSync(join(WEB, "images", file)));
writeFileSync(join(OUT, "LICENSES.txt"), licences(WEB));
writeFileSync(join(OUT, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
rmSync(`${HOME}.old`, { recursive: true, force: true });
if (existsSync(HOME)) renameSync(HOME, `${HOME}.old`);
renameSync(OUT, HOME);
rmSync(`${HOME}.old`, { recursive: true, force: true });
console.log(`web: ${Object.keys(manifest).length} files in the manifest`);
