import { signal } from "@preact/signals";
import { load, save } from "../store.ts";

const AGREED = "agreed";
/** Whether somebody has thrown here before, beside the two sentences of the rules. */
export const hasAgreed = signal(load(AGREED) !== null);

export function agree(): void {
  save(AGREED, "1");
  hasAgreed.value = true;
}

/** The two sentences stand with the next throw again. */
export function takeBackAgreement(): void {
  save(AGREED, null);
  hasAgreed.value = false;
}
