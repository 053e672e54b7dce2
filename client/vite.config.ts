import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig } from "vite";
import type { Plugin, Rolldown } from "vite";

/** Where `npm run dev` runs the server: it reads the same variable. */
const SERVER = `http://localhost:${process.env["PORT"] ?? 3000}`;

/** First load, in bytes after brotli: the page's entry, what it imports at once, their styles. */
const BUDGET = { ".js": 45 * 1024, ".css": 10 * 1024 };
const TEXTS = new Set([".js", ".css", ".html", ".json", ".svg", ".webmanifest"]);
/** Pages of who cannot be shown the page: by their names as they are built. */
const ASIDE = new Set(["offline", "lost"]);
/** What describes the protocol, written before this build; served beside the page, no part of it. */
const DESCRIPTION = ["asyncapi.json", "docs.html"];

/** Files that the first load fetches, out of what was built. */
function firstLoad(bundle: Rolldown.OutputBundle): Set<string> {
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = bundle[name];
    if (files.has(name) || chunk?.type !== "chunk") return;
    files.add(name);
    for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(css);
    for (const other of chunk.imports) visit(other);
  };
  for (const chunk of Object.values(bundle))
    if (chunk.type === "chunk" && chunk.isEntry && !ASIDE.has(chunk.name)) visit(chunk.fileName);
  return files;
}

function describe(): Plugin {
  return {
    name: "describe",
    apply: "build",
    generateBundle() {
      for (const fileName of DESCRIPTION) {
        const source = readFileSync(join(import.meta.dirname, "../protocol/dist", fileName));
        this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
}

/** Writes `x.br` and `x.gz` beside each text, and fails the build whose first load is over budget. */
export function compress(budget: Record<string, number>): Plugin {
  let folder = "";
  let first = new Set<string>();
  let built = new Set<string>();
  return {
    name: "compress",
    apply: "build",
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir);
    },
    writeBundle: (_options, bundle) => {
      first = firstLoad(bundle);
      built = new Set(Object.keys(bundle));
    },
    closeBundle: () => {
      const sums: Record<string, number> = {};
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const ending = extname(entry.name);
        if (!entry.isFile() || !TEXTS.has(ending)) continue;
        const file = join(entry.parentPath, entry.name);
        const name = relative(folder, file).replaceAll("\\", "/");
        // Of another build into the same folder.
        if (name.startsWith("assets/") && !built.has(name)) continue;
        const text = readFileSync(file);
        const br = brotliCompressSync(text, {
          params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
        });
        writeFileSync(`${file}.br`, br);
        writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
        if (first.has(name)) sums[ending] = (sums[ending] ?? 0) + br.length;
        else if (ending in budget || DESCRIPTION.includes(name))
          console.log(`later: ${name}: ${br.length} bytes (brotli)`);
      }
      for (const [ending, most] of Object.entries(budget)) {
        const sum = sums[ending] ?? 0;
        console.log(`first load, ${ending}: ${sum} of ${most} bytes (brotli)`);
        if (sum === 0) throw new Error(`no ${ending} was found in the first load`);
        if (sum > most) throw new Error(`${ending} is over its budget`);
      }
    },
  };
}

export default defineConfig({
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: ["es2020", "safari15"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // They have nothing in common with the page, so that nothing is cut out of it.
    rollupOptions: { input: ["client/index.html", "client/offline.html", "client/lost.html"] },
  },
  plugins: [describe(), compress(BUDGET)],
  server: {
    proxy: {
      "/socket.io": { target: SERVER, ws: true },
      "/media": { target: SERVER },
      "/rules.json": { target: SERVER },
      "/screening.json": { target: SERVER },
      "/desk/api": { target: SERVER },
    },
  },
});
