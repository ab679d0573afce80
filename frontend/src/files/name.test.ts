import { describe, expect, it } from "vitest";

import { parted } from "./name";

describe("a file's name", () => {
  // F-01, F-12: what a file is says its ending, so that is not what is cut.
  it.each([
    ["report.pdf", "report", ".pdf"],
    ["invoice.pdf          .exe", "invoice.pdf          ", ".exe"],
    ["archive.tar.gz", "archive.tar", ".gz"],
    [".env", ".env", ""],
    ["no ending", "no ending", ""],
    ["a sentence. with a dot in it", "a sentence. with a dot in it", ""],
    ["", "", ""],
  ])("%s", (name, stem, end) => {
    expect(parted(name)).toEqual({ stem, end });
  });
});
