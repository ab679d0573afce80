import { expect, test } from "vitest";

import type { FileRow, MessageRow } from "../bridge/api";
import { sampleMessage } from "../state/sample";
import { c } from "../text/contact";
import { timeOf } from "../text/time";
import { heard, spoken } from "./spoken";

test.each([
  ["<p>Until <strong>Monday</strong>.</p>", "Until Monday."],
  ["<p>a<br>b</p><p>c</p>", "a b c"],
  ["<ul><li>one</li><li>two</li></ul><p>end</p>", "one two end"],
  [
    '<p><span class="mention">@Ann</span> &lt;look&gt; &amp; go</p>',
    "@Ann <look> & go",
  ],
  ["<pre><code>x  = 1\ny</code></pre>", "x = 1 y"],
  ["", ""],
])("ui.md §8: %s is read as its words", (html, want) => {
  expect(heard(html)).toBe(want);
});

const file = (name: string) => ({ name }) as FileRow;
const said = (change: Partial<MessageRow>, folds = "") =>
  spoken(sampleMessage(change), folds).replace(timeOf(1000), "1:00");

test.each<[Partial<MessageRow>, string]>([
  [{ text: "**x**", html: "<p><strong>x</strong></p>" }, "Ann, 1:00, x"],
  [{ html: "", text: "", files: [file("a.pdf")] }, "Ann, 1:00, file a.pdf"],
  [
    { files: [file("a.pdf"), file("b.png")] },
    "Ann, 1:00, x, files a.pdf and b.png",
  ],
  [{ auto: true }, "Ann, 1:00, automatic, x"],
  [{ edited: 5 }, "Ann, 1:00, x, edited"],
  [{ hint: "pays" }, `Ann, 1:00, x, ${c.pays()}`],
  [{ state: "failed" }, "Ann, 1:00, Not sent, x"],
  [
    { deleted: 5, html: "", text: "", edited: 4 },
    "Ann, 1:00, This message was deleted",
  ],
])("ui.md §8: a message says who, when, what: %o", (change, want) => {
  expect(said(change)).toBe(want);
});

test("P-24: what folds says nothing of its words, files or answers", () => {
  expect(
    said({ files: [file("a.pdf")], edited: 5, auto: true }, "Folded"),
  ).toBe("Ann, 1:00, Folded");
});
