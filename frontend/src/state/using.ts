import { call } from "../bridge";

/** How often it is said at most that the window is touched. */
const every = 60_000;

/**
 * Says whether this window is in use, so that others see that I am here (M-33):
 * only that it was touched or is hidden, not by what.
 */
export function watchUse() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  let said = 0;
  let used = false;
  const say = (now: boolean) => {
    if (now === used && (!now || Date.now() - said < every)) return;
    used = now;
    said = Date.now();
    void call("Presence.Used", { used: now, zone }).catch(() => (said = 0));
  };
  const touched = () => say(true);
  const seen = () => say(document.visibilityState === "visible");
  for (const what of ["pointerdown", "keydown", "wheel", "focus"])
    addEventListener(what, touched, { capture: true, passive: true });
  document.addEventListener("visibilitychange", seen);
  seen();
}
