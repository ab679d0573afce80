import { describe, expect, test } from "vitest";

import { sampleMessage } from "../state/sample";
import { toRows } from "./rows";

describe("lines of the message list", () => {
  const now = new Date(2026, 10, 21, 12).getTime();
  const message = (id: string, author: string, at: number, state = "sent") =>
    sampleMessage({ id, author, name: author, role: "", at, state, text: "" });

  test("days, the new line and names come where they belong", () => {
    const rows = toRows(
      [
        message("1", "ann", now - 86_400_000),
        message("2", "ann", now - 3_600_000),
        message("3", "ann", now - 3_540_000),
        message("4", "bob", now - 3_530_000),
        message("5", "bob", now - 1000),
        message("6", "bob", now - 900),
        message("7", "bob", now - 800, "failed"),
        message("8", "bob", now - 700),
      ],
      "6",
      now,
    );
    expect(
      rows.map((r) =>
        r.kind === "message"
          ? `${r.message.id}${r.follows ? "+" : ""}`
          : r.kind,
      ),
    ).toEqual(["day", "1", "day", "2", "3+", "4", "5", "new", "6", "7+", "8"]);
  });

  test("keys are unique even when clocks step back over midnight", () => {
    const rows = toRows(
      [
        message("1", "a", now),
        message("2", "a", now - 86_400_000),
        message("3", "a", now),
      ],
      "",
      now,
    );
    expect(new Set(rows.map((r) => r.key)).size).toBe(rows.length);
  });
});
