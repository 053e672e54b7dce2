// A thread does not inherit what tsx hooks into the module loader of the process.
import { register } from "tsx/esm/api";

register();
await import("./worker.ts");
