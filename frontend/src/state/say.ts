import { BridgeError } from "../bridge";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";

/** What an error says to a person; its code decides. */
export function sentence(e: unknown): string {
  return e instanceof BridgeError
    ? m.error(e.code, e.message)
    : m.error("bridge", "");
}

/** The sentence for one field of a form, if the error is about it. */
export function fieldError(e: unknown, field: string): string | undefined {
  return e instanceof BridgeError && e.field === field
    ? sentence(e)
    : undefined;
}

/** Runs something and shows a toast if it fails; answers whether it went well. */
export async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (e) {
    toasts.show(sentence(e));
    return false;
  }
}
