import { tick } from "svelte";

import { call } from "../bridge";
import { box } from "../search/box.svelte";
import { toasts } from "../shared/toasts.svelte";
import { app } from "../state/app.svelte";
import { mini } from "../state/mini.svelte";
import { follow, isPlace } from "../state/places";
import { beside, byRecent, inOrder, rooms } from "../state/rooms.svelte";
import { router } from "../state/router.svelte";
import { attempt } from "../state/say";
import { tracker } from "../state/tracker.svelte";
import { work } from "../state/trackerwork.svelte";
import { today } from "../text/days";
import { w } from "../text/work";
import { focusBox } from "./answer";
import { dialogs } from "./dialogs.svelte";

/** The ways from one screen to another that the shell offers: rail, keys, menus, and links from outside. */
class Going {
  readonly place = $derived(router.parts[0] ?? "room");
  /** The room that the address names, or "". */
  readonly room = $derived(
    this.place === "room" ? (router.parts[1] ?? "") : "",
  );
  /** The room on screen, also in a workroom: it causes no notices. */
  readonly looked = $derived(
    this.place === "contract" && router.parts[2] === "messages"
      ? (rooms.contracts.find((c) => c.id === router.parts[1])?.room ?? "")
      : this.room,
  );
  /** The contract on screen, in its workroom or diary. */
  readonly contract = $derived(
    this.place === "contract" || this.place === "diary"
      ? (router.parts[1] ?? "")
      : "",
  );
  /** The entry of the rail that the screen belongs to. */
  readonly entry = $derived(
    this.place === "settings"
      ? "settings"
      : this.place === "contract" || this.place === "work"
        ? "work"
        : this.place === "diary" || this.place === "reports"
          ? this.place
          : "messages",
  );

  /** Goes where an entry of the rail leads. */
  to(entry: string) {
    // The list of rooms stands there again, not what was searched for before.
    if (entry === "messages") box.opened();
    router.go(
      entry === "messages" ? `room/${this.room || this.home()}` : entry,
    );
  }

  /** The room to begin in: the last one, if it is still here, else the newest. */
  home(): string {
    const last = rooms.list.find((r) => r.id === app.settings?.lastRoom);
    return (last ?? byRecent(rooms.list, Date.now())[0]?.rooms[0])?.id ?? "";
  }

  /** The search of messages, with the cursor in it (K-08). */
  async search(words?: string) {
    dialogs.close();
    if (words !== undefined) box.text = words;
    box.choose("messages");
    await tick();
    const input = document.getElementById("search-words");
    if (input instanceof HTMLInputElement) {
      input.focus();
      input.select();
    }
  }

  /** The order of the list, so that the keys go where the eye expects (K-06, K-07). */
  nextRoom(by: -1 | 1, unread: boolean) {
    const { roomList = "recent", folded = [] } = app.settings ?? {};
    const list = inOrder(rooms.list, roomList, folded, Date.now());
    const next = beside(list, this.looked, by, unread);
    if (next) router.go(`room/${next.id}`);
  }

  /** Goes where a notice, the tray or a link leads. */
  navigate(to: string) {
    const [place, contract = "", activity = ""] = to.split("/");
    if (mini.form !== "" && place !== "tracker") void mini.set("");
    if (place === "tracker") void this.track(contract, activity);
    else if (to === "notsent") dialogs.show("notsent");
    else if (to.endsWith("/reply")) {
      router.go(to.slice(0, -"/reply".length));
      void tick().then(() => focusBox());
    } else if (isPlace(to)) void follow(to);
    else router.go(to);
  }

  /** Where somebody outside the pages asked to go: a link of ours in another program (D-10). */
  async whereAsked() {
    await attempt(async () => {
      const { path } = await call("Shell.Asked");
      if (path !== "") router.go(path);
    });
  }

  /** Opens the tracker, on a contract and an activity if they are named. */
  async track(contract: string, activity = "") {
    if (contract !== "") {
      if (contract !== tracker.form?.contract) work.forget();
      await Promise.all([tracker.choose(contract), tracker.learn()]);
    } else await tracker.refresh();
    const v = tracker.view;
    if (contract !== "" && tracker.form?.contract === contract) {
      if (activity !== "") work.activity = activity;
      if (work.memoNow === "") work.memo = tracker.memoOf(contract, activity);
    }
    if (v && v.contracts.length === 0 && v.state === "stopped")
      toasts.show(w.noTrackableText());
    else if (mini.form === "pill") await mini.set("panel");
    else tracker.show();
  }

  /** Opens the day of a contract's diary. */
  diary(contract: string, at = Date.now()) {
    if (mini.form !== "") void mini.set("");
    tracker.open = false;
    router.go(`diary/${contract}/day/${today(new Date(at))}`);
  }

  /** Begins: where the address leads, else the room one was in. */
  begin() {
    void rooms.refresh().then(() => {
      if (this.place === "room" && this.room === "")
        router.replace(`room/${this.home()}`);
    });
    void rooms.refreshContracts();
    // A link that opened the program names a message without saying where it stands.
    if (this.place === "message") {
      const link = router.path;
      router.replace("room");
      void follow(link);
    }
    void this.whereAsked();
  }
}

export const going = new Going();
