import { toasts } from "../shared/toasts.svelte";
import { attempt } from "./say";
import { w } from "../text/work";

/** Puts the link of an invitation on the clipboard. */
export async function copyLink(link: string): Promise<void> {
  if (await attempt(() => navigator.clipboard.writeText(link)))
    toasts.show(w.copied());
}
