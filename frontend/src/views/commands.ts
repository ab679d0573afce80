import type { MenuEntry } from "../shared/menu";
import { hint } from "../state/keys";
import { tracker } from "../state/tracker.svelte";
import { m } from "../text/en";
import { k } from "../text/keys";
import { o } from "../text/outbox";
import { t } from "../text/reports";
import { s } from "../text/search";
import { w } from "../text/work";
import { dialogs } from "./dialogs.svelte";
import { going } from "./going.svelte";

/** What the quick switcher does besides going to rooms, people and contracts (K-11 a). */
export type Command = { name: string; keys: string; go: () => void };

/** The commands of the quick switcher; what cannot be done now is not among them. */
export function makeCommands(
  begin: readonly MenuEntry[],
  notSent: number,
): Command[] {
  const one = (name: string, keys: string, go: () => void) => ({
    name,
    keys,
    go,
  });
  return [
    ...begin.map((e) => one(e.label, e.keys ?? "", () => e.onselect())),
    one(s.searchMessages(), hint("search"), () => void going.search()),
    ...tracking().map((x) => one(x.name, "", x.go)),
    one(m.messages(), hint("rail1"), () => going.to("messages")),
    one(m.work(), hint("rail2"), () => going.to("work")),
    one(m.diary(), hint("rail3"), () => going.to("diary")),
    one(t.reports(), hint("rail4"), () => going.to("reports")),
    one(o.menu(notSent), "", () => dialogs.show("notsent")),
    one(k.title(), hint("sheet"), () => dialogs.show("keys")),
    one(m.settings(), hint("settings"), () => going.to("settings")),
  ];
}

/** Starting or stopping time, as the chip of the tracker offers it: absent where there is no contract to track. */
function tracking(): { name: string; go: () => void }[] {
  const v = tracker.view;
  if (!v || (v.contracts.length === 0 && v.state === "stopped")) return [];
  return tracker.tracking
    ? [{ name: w.stop(), go: () => void tracker.stop() }]
    : [
        {
          name: w.start(),
          go: () =>
            void tracker.again().then((started) => {
              if (!started) tracker.show();
            }),
        },
      ];
}
