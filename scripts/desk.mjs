// Runs the operator's command for accounts of moderators, and builds it first where that is due.
import { build, isStale } from "./build.mjs";

if (isStale()) build();
await import("../server/dist/desk/command.js");
