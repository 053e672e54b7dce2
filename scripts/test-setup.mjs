// Run once by mocha, before its files run side by side: they all serve the same build.
import { build, isStale } from "./build.mjs";

export function mochaGlobalSetup() {
  if (!isStale()) return;
  const { NODE_OPTIONS, NODE_ENV } = process.env;
  Object.assign(process.env, { NODE_OPTIONS: "", NODE_ENV: "production" });
  build();
  delete process.env.NODE_OPTIONS;
  delete process.env.NODE_ENV;
  if (NODE_OPTIONS !== undefined) process.env.NODE_OPTIONS = NODE_OPTIONS;
  if (NODE_ENV !== undefined) process.env.NODE_ENV = NODE_ENV;
}
