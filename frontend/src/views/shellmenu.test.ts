import { expect, test } from "vitest";

import type { Boot, Sync } from "../bridge/api";
import { beginnings, windowMenu } from "./shellmenu";

const boot = (way: string) =>
  ({
    account: { way },
    caps: { invite: way === "service", window: false },
  }) as unknown as Boot;

test.each([
  ["service", true],
  ["example", true],
  ["local", false],
])(
  "M-01, M-04: with the way %s somebody can be written to: %s",
  (way, talks) => {
    const labels = windowMenu(
      boot(way),
      { notSent: 0 } as Sync,
      true,
      () => undefined,
      () => undefined,
    ).flatMap((group) => group.map((e) => e.label));
    for (const label of ["New message", "New group room"])
      expect(labels.includes(label)).toBe(talks);
    expect(labels).toContain("New contract");
    expect(beginnings(boot(way)).talks.length > 0).toBe(talks);
  },
);
