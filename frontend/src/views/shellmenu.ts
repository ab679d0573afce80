import CloudOff from "@lucide/svelte/icons/cloud-off";
import FilePlus from "@lucide/svelte/icons/file-plus";
import Keyboard from "@lucide/svelte/icons/keyboard";
import LogOut from "@lucide/svelte/icons/log-out";
import MailOpen from "@lucide/svelte/icons/mail-open";
import MessageSquarePlus from "@lucide/svelte/icons/message-square-plus";
import PanelLeft from "@lucide/svelte/icons/panel-left";
import Power from "@lucide/svelte/icons/power";
import SettingsIcon from "@lucide/svelte/icons/settings";
import Users from "@lucide/svelte/icons/users";

import { call } from "../bridge";
import type { Boot, Sync } from "../bridge/api";
import { asks } from "../people/asks.svelte";
import type { MenuEntry, MenuGroups } from "../shared/menu";
import { hint } from "../state/keys";
import { attempt } from "../state/say";
import { m } from "../text/en";
import { k } from "../text/keys";
import { o } from "../text/outbox";
import { r } from "../text/rooms";
import { dialogs } from "./dialogs.svelte";

/**
 * What can be begun: the plus signs of the sidebars and the menu of the window offer it (M-01, M-04). On this computer alone there is nobody to
 * talk to.
 */
export function beginnings({ account, caps }: Boot): {
  talks: MenuEntry[];
  contracts: MenuEntry[];
} {
  const join = {
    label: m.joinContract(),
    icon: MailOpen,
    onselect: () => dialogs.join(),
  };
  const talks = [
    {
      label: r.newMessage(),
      icon: MessageSquarePlus,
      onselect: () => (asks.open = { what: "message" }),
    },
    {
      label: r.newRoom(),
      icon: Users,
      onselect: () => (asks.open = { what: "room" }),
    },
  ];
  return {
    talks: account?.way === "local" ? [] : talks,
    contracts: [
      {
        label: m.newContract(),
        icon: FilePlus,
        onselect: () => dialogs.show("new"),
      },
      ...(caps.invite ? [join] : []),
    ],
  };
}

/** The menu of the window. */
export function windowMenu(
  boot: Boot,
  sync: Sync,
  sidebar: boolean,
  onsidebar: () => void,
  onsettings: () => void,
): MenuGroups {
  const begin = beginnings(boot);
  return [
    begin.talks,
    begin.contracts,
    [
      {
        label: o.menu(sync.notSent),
        icon: CloudOff,
        onselect: () => dialogs.show("notsent"),
      },
      {
        label: sidebar ? m.hideSidebar() : m.showSidebar(),
        icon: PanelLeft,
        onselect: onsidebar,
      },
      {
        label: k.title(),
        icon: Keyboard,
        keys: hint("sheet"),
        onselect: () => dialogs.show("keys"),
      },
      {
        label: m.settings(),
        icon: SettingsIcon,
        keys: hint("settings"),
        onselect: onsettings,
      },
    ],
    boot.caps.window
      ? [
          {
            label: m.quit(),
            icon: Power,
            onselect: () => void attempt(() => call("Shell.Quit")),
          },
        ]
      : [],
  ];
}

/** The menu under my own sign. */
export function myMenu(
  onsettings: () => void,
  onsignout: () => void,
): MenuGroups {
  return [
    [{ label: m.settings(), icon: SettingsIcon, onselect: onsettings }],
    [
      {
        label: m.signOut(),
        icon: LogOut,
        danger: true,
        onselect: onsignout,
      },
    ],
  ];
}
