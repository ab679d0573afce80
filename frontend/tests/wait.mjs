// How a journey waits: for a state, never for a time. What is read of a page or asked of a process is asked again until it is as it should be.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/** How long anything may take on a slow machine before it counts as broken, ms. */
export const patience = 60_000;

/** eventually repeats a check until it passes, and answers what it answered; at the end of patience it throws what the check threw last. */
export async function eventually(check) {
  for (const end = Date.now() + patience; ; await pause(50))
    try {
      return await check();
    } catch (e) {
      if (Date.now() > end) throw e;
    }
}

/** until asks until the answer is truthy, and answers it. */
export const until = (what, ask) =>
  eventually(async () => {
    const got = await ask();
    if (!got) throw new Error(`never: ${what}`);
    return got;
  });

/** becomes reads until it reads what is wanted. */
export const becomes = (read, want, why) =>
  eventually(async () => assert.deepEqual(await read(), want, why));

/** reads does so until the text is like a pattern. */
export const reads = (read, like) =>
  eventually(async () => assert.match(await read(), like));

/** gone waits until none of what a locator finds is there. It comes after a sign that the page has moved on. */
export const gone = (locator) =>
  becomes(() => locator.count(), 0, `${locator}`);

/** focused waits until an element has the focus. */
export const focused = (locator) =>
  locator.and(locator.page().locator(":focus")).waitFor();

/**
 * calm lets what was begun in a page come to its end: the program has answered, two frames are drawn, and nothing fades or slides any more. It
 * comes before a look at what must not happen, before a measurement, and before a picture.
 */
export const calm = (page) =>
  page.evaluate(async () => {
    const drawn = async () => {
      for (let i = 0; i < 2; i++)
        await new Promise((done) => {
          requestAnimationFrame(done);
          setTimeout(done, 500); // a page behind others draws nothing
        });
    };
    await drawn();
    const keys = sessionStorage.getItem("trestle-keys");
    if (keys)
      await fetch("/bridge/call/Shell.Status", {
        method: "POST",
        headers: {
          Authorization: `Bearer ${JSON.parse(keys).bearer}`,
          "Content-Type": "application/json",
        },
        body: "{}",
      }).catch(() => undefined); // the program may just be stopped
    await drawn();
    await Promise.allSettled(
      document
        .getAnimations()
        .filter((a) => a instanceof CSSTransition)
        .map((a) => a.finished),
    );
  });
