// Starts the server, and builds it first where that is due. One process: signals reach the server.
import { build, isStale } from "./build.mjs";

if (isStale()) build();
await import("../server/dist/main.js");
await import("./end-with-npm.mjs");
