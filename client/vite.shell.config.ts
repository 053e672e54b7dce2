import { defineConfig } from "vite";
import page, { compress } from "./vite.config.ts";

/** In bytes after brotli. */
const BUDGET = { ".js": 3 * 1024 };

/** The service worker, at an address that stays: `scripts/shell.mjs` puts in what it keeps. */
export default defineConfig({
  ...page,
  publicDir: false,
  build: {
    ...page.build,
    emptyOutDir: false,
    rollupOptions: {
      input: "client/src/shell/worker.ts",
      output: { format: "iife", entryFileNames: "sw.js" },
    },
  },
  plugins: [compress(BUDGET)],
});
