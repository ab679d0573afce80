// The tray of a desk: what the program's menu holds, read from the session bus, and choosing from it as a person does, by clicking the icon
// in the panel and walking the menu with the keys.
import { panelHeight, until } from "./desk.mjs";

/** iconPart is where the panel draws the icon. */
export const iconPart = `40x${panelHeight}+0+0`;

/** under is where its menu opens. */
const under = "200x150+0+32";

const icon = { x: 16, y: 15 };

/** menu reads the first level of the menu: {label, enabled} for each line, and null for a separator. */
export function menu(desk, pid) {
  const said = desk.bus(
    `org.kde.StatusNotifierItem-${pid}-1`,
    "/StatusNotifierItem/menu",
    "com.canonical.dbusmenu.GetLayout",
    ...["int32 0", "int32 1", "@as []"],
  );
  return [...said.matchAll(/<\(\d+, \{(.*?)\}, @av \[\]\)>/g)].map(([, p]) =>
    p.includes("<'separator'>")
      ? null
      : {
          label: /'label': <['"](.*?)['"]>/.exec(p)?.[1] ?? "",
          enabled: !p.includes("'enabled': <false>"),
        },
  );
}

/** choose opens the menu with the right button and chooses the line that begins with a text. */
export async function choose(desk, pid, text, picture) {
  const lines = await until(`the menu has ${text}`, () => {
    const all = menu(desk, pid).filter((l) => l?.enabled);
    return all.some((l) => l.label.startsWith(text)) && all;
  });
  const at = lines.findIndex((l) => l.label.startsWith(text));
  const closed = desk.part("tray-closed", under);
  const differs = () => desk.unlike(closed, desk.part("tray-open", under));
  desk.click(icon.x, icon.y, 3);
  await until("the menu is open", () => differs() > 300);
  for (let i = 0; i <= at; i++) desk.key("Down"); // the keys pass over what cannot be chosen
  await desk.still();
  if (picture) desk.picture(picture);
  desk.key("Return");
  away(desk);
}

/** away takes the pointer off the icon, which says what it is under it. */
function away(desk) {
  desk.tool("xdotool", "mousemove", "700", "700");
}

/** tap clicks the icon. */
export function tap(desk) {
  desk.click(icon.x, icon.y);
  away(desk);
}
