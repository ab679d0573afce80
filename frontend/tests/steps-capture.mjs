// Steps of the journey in the annotator: freeze the real display, crop, draw, hide, send.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

/** capturePicture takes the display into the annotator, by the button left of Send. */
export async function capturePicture(stage, page) {
  await page.getByRole("button", { name: "Take a screenshot" }).click();
  await page
    .getByRole("button", { name: /Send|Attach/ })
    .first()
    .waitFor();
  await page.locator("svg image, .stage img, canvas").first().waitFor();
  await stage.look(page, "14-frozen");
}

/** annotate draws an arrow, a text and a hidden box, and sends the picture. */
export async function annotate(stage, page, box) {
  const picture = page.locator("svg image").first();
  const at = async (x, y) => {
    const r = await picture.boundingBox();
    return [r.x + r.width * x, r.y + r.height * y];
  };
  const drag = async (key, from, to) => {
    await page.keyboard.press(key);
    await page.mouse.move(...(await at(...from)));
    await page.mouse.down();
    await page.mouse.move(...(await at(...to)), { steps: 6 });
    await page.mouse.up();
  };
  await drag("c", [0.1, 0.1], [0.9, 0.9]);
  await stage.look(page, "15-crop");
  await page.keyboard.press("Enter");
  await drag("z", [0.3, 0.3], [0.5, 0.5]);
  await page.keyboard.press("t");
  await page.mouse.click(...(await at(0.55, 0.35)));
  await page.keyboard.type("Tighten this");
  await page.keyboard.press("Escape");
  await drag("u", [0.2, 0.6], [0.45, 0.75]);
  const question = page.getByRole("button", { name: "Black it out" });
  await question.waitFor();
  await stage.look(page, "16-question");
  await question.click();
  await question.waitFor({ state: "detached" });
  await stage.look(page, "16-marks");
  await page.keyboard.press("Control+Enter");
  await box.waitFor();
}

/** hiddenIsGone looks at the bytes on both desktops: nothing is left of what was under the box, neither at the client nor in the original. */
export function hiddenIsGone(stage, from, file) {
  const doc = JSON.parse(
    readFileSync(
      stage.files(from).find((f) => path.basename(f) === "doc.json"),
      "utf8",
    ),
  );
  const hide = doc.objects.find((o) => o.t === "hide");
  const whole = {
    x: Math.ceil(hide.x),
    y: Math.ceil(hide.y),
    w: Math.floor(hide.w) - 1,
    h: Math.floor(hide.h) - 1,
  };
  const crop = doc.crop ?? { x: 0, y: 0 };
  const inside = {
    ...whole,
    x: whole.x - Math.floor(crop.x),
    y: whole.y - Math.floor(crop.y),
  };
  assert.equal(
    stage.colours(file, inside),
    1,
    "one colour where it was hidden",
  );
  assert.ok(
    stage.colours(file, { x: 0, y: 0, w: 40, h: 40 }) > 1,
    "and the picture elsewhere",
  );
  const base = stage.files(from).find((f) => path.basename(f) === "base.png");
  assert.equal(
    stage.colours(base, whole),
    1,
    "the original is blacked out too",
  );
  const chunks = readFileSync(file)
    .toString("latin1")
    .match(/(IHDR|IDAT|IEND|tEXt|iTXt|eXIf|tIME|pHYs)/g);
  assert.ok(
    chunks.every((c) => ["IHDR", "IDAT", "IEND"].includes(c)),
    `no metadata: ${chunks}`,
  );
}
