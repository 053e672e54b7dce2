import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig } from "vite";
import type { Plugin } from "vite";

/** First load, in bytes after brotli. */
const BUDGET = { ".js": 45 * 1024, ".css": 10 * 1024 };
const TEXTS = new Set([".js", ".css", ".html", ".svg", ".webmanifest"]);

/** Writes `x.br` and `x.gz` beside each text, and fails the build that is over its budget. */
function compress(): Plugin {
  let folder = "";
  return {
    name: "compress",
    apply: "build",
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle: () => {
      const sums: Record<string, number> = {};
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const ending = extname(entry.name);
        if (!entry.isFile() || !TEXTS.has(ending)) continue;
        const file = join(entry.parentPath, entry.name);
        const text = readFileSync(file);
        const br = brotliCompressSync(text, {
          params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
        });
        writeFileSync(`${file}.br`, br);
        writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
        sums[ending] = (sums[ending] ?? 0) + br.length;
      }
      for (const [ending, most] of Object.entries(BUDGET)) {
        const sum = sums[ending] ?? 0;
        console.log(`${ending}: ${sum} of ${most} bytes (brotli)`);
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
  },
  plugins: [compress()],
  server: { proxy: { "/socket.io": { target: "http://localhost:3000", ws: true } } },
});
