// Steps of the journey in the annotator: freeze the real display, crop, draw, hide, send.
import assert from "node:assert/strict";

/** capturePicture takes the display into the annotator, by the button left of Send. */
export async function capturePicture(stage, page) {
  await page.getByRole("button", { name: "Take a screenshot" }).click();
  await page.getByRole("button", { name: /Send|Attach/ }).first().waitFor();
  await page.locator("svg image, .stage img, canvas").first().waitFor();
  await stage.look(page, "14-frozen");
}

/** annotate draws an arrow, a text and a hidden box, and sends the picture. hidden is the box in pixels of the picture. */
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
  await question.click();
  await stage.look(page, "16-marks");
  await page.keyboard.press("Control+Enter");
  await box.waitFor();
  assert.ok(true);
  return { hidden: { x: 0.2, y: 0.6, x2: 0.45, y2: 0.75 } };
}
