import { toasts } from "../shared/toasts.svelte";

/**
 * Takes a line with Undo away once there is nothing left to undo: what it says
 * was so for a while, and is not so any more, by whatever way.
 */
export function whileSo(line: number, so: () => boolean) {
  let was = false;
  const stop = $effect.root(() => {
    $effect(() => {
      const is = so();
      const there = toasts.list.some((t) => t.id === line);
      if (there && was && !is) toasts.dismiss(line);
      if (!there || (was && !is)) queueMicrotask(stop);
      was ||= is;
    });
  });
}
