/** Tells the worker of a built page which files it keeps. Safe to repeat. */
export function writeShell(folder: string): void;
