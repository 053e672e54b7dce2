import { defineConfig } from "vite";
import page, { compress } from "./vite.config.ts";

/** In bytes after brotli. */
const BUDGET = { ".js": 20 * 1024, ".css": 6 * 1024 };

/*
 * The moderators' page, built by itself into the same folder: in one build with the page of the sea,
 * what both use would be cut out of that one's first load into files of its own.
 */
export default defineConfig({
  ...page,
  publicDir: false,
  build: { ...page.build, emptyOutDir: false, rollupOptions: { input: "client/desk.html" } },
  plugins: [compress(BUDGET)],
});
