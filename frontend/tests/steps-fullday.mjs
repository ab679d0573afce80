// A step of the diary's journey, with --measure: a day with 144 screenshots opens at once, beside a day with none in the same run, and nothing
// moves when its pictures come (issue of speed: ≤ 100 ms).
import assert from "node:assert/strict";

/** full turns a day of the example into one in which each of the 144 segments holds time and a picture. */
function full(day) {
  const cells = day.hours.flatMap((h) => h.cells);
  const model = cells.find((c) => c.shot?.file);
  const first = model.cell - (model.cell % 144);
  const two = (n) => String(n).padStart(2, "0");
  const label = (i) => `${two(Math.floor(i / 6) % 24)}:${two((i % 6) * 10)}`;
  return {
    ...day,
    hours: Array.from({ length: 24 }, (_, h) => ({
      label: label(h * 6),
      runs: [{ ...day.hours[0].runs[0], from: 0, span: 6 }],
      cells: Array.from({ length: 6 }, (_, i) => ({
        ...model,
        cell: first + h * 6 + i,
        label: label(h * 6 + i),
        until: label(h * 6 + i + 1),
      })),
    })),
  };
}

/** opens is the time, in the page's own clock, from going to a day until so many segments are drawn. */
const opens = (page, hash, cells) =>
  page.evaluate(
    ({ hash, cells }) =>
      new Promise((resolve) => {
        const there = () => {
          const n = document.querySelectorAll("[data-cell]").length;
          const empty = document.body.textContent.includes(
            "Nothing was tracked on",
          );
          if (cells > 0 ? n !== cells : !empty) return;
          watch.disconnect();
          requestAnimationFrame(() =>
            setTimeout(() => resolve(performance.now() - began)),
          );
        };
        const watch = new MutationObserver(there);
        watch.observe(document.body, { childList: true, subtree: true });
        const began = performance.now();
        location.hash = hash;
      }),
    { hash, cells },
  );

/** fullDay measures on a page that shows the day of a contract. */
export async function fullDay(story, p, contract, day) {
  await story.step("measure: a day of 144 screenshots", async () => {
    let drawn;
    await p.route("**/bridge/call/Diary.Day", async (route) => {
      if (route.request().postDataJSON().day !== day) {
        await route.continue();
        return;
      }
      if (!drawn) {
        const answer = await route.fetch();
        const body = await answer.json();
        drawn = { ...body, value: full(body.value) };
      }
      await route.fulfill({ json: drawn });
    });
    const before = new Date(`${day}T00:00:00Z`);
    before.setUTCDate(before.getUTCDate() - 200);
    const empty = before.toISOString().slice(0, 10);
    const at = (on) => `#/diary/${contract}/day/${on}`;
    await opens(p, at(empty), 0);
    const times = { full: [], none: [] };
    for (let i = 0; i < 15; i++) {
      times.full.push(await opens(p, at(day), 144));
      if (i === 0) {
        const height = () =>
          p.locator("[role=grid]").evaluate((el) => el.scrollHeight);
        const high = await height();
        const loaded = await p
          .locator("[data-cell] img")
          .evaluateAll((all) => all.filter((img) => img.complete).length);
        assert.ok(loaded < 144, "pictures out of sight are not fetched");
        await p
          .locator("[data-cell] img")
          .first()
          .evaluate((img) => img.decode());
        assert.equal(await height(), high, "pictures move nothing");
      }
      times.none.push(await opens(p, at(empty), 0));
    }
    const p50 = (list) =>
      list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
    const [a, b] = [p50(times.full), p50(times.none)];
    console.log(
      `a day of 144 screenshots: p50 ${a.toFixed(0)} ms, one without time ${b.toFixed(0)} ms: ${(a / b).toFixed(1)} times, of 15`,
    );
    await p.unroute("**/bridge/call/Diary.Day");
  });
}
