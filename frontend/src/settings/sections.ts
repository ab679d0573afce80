// The sections of Settings, in the order of the list beside them: one line each, and a component of its own.
import Bell from "@lucide/svelte/icons/bell";
import CircleUser from "@lucide/svelte/icons/circle-user-round";
import FileCheck from "@lucide/svelte/icons/file-check";
import FolderInput from "@lucide/svelte/icons/folder-input";
import HardDrive from "@lucide/svelte/icons/hard-drive";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Eye from "@lucide/svelte/icons/eye";
import InfoIcon from "@lucide/svelte/icons/info";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import Palette from "@lucide/svelte/icons/palette";
import Timer from "@lucide/svelte/icons/timer";
import TextCursorInput from "@lucide/svelte/icons/text-cursor-input";
import TreePalm from "@lucide/svelte/icons/tree-palm";
import type { Component } from "svelte";

import type { Boot, Settings, Sync } from "../bridge/api";
import Folders from "../files/Folders.svelte";
import { f } from "../text/files";
import { n } from "../text/notices";
import { k } from "../text/keys";
import PrivacySettings from "../presence/PrivacySettings.svelte";
import { p } from "../text/presence";
import SafetySettings from "../safety/SafetySettings.svelte";
import { s as safe } from "../text/safety";
import { s } from "../text/settings";
import { sh } from "../text/sheets";
import { d } from "../text/storage";
import { t } from "../text/tracker";
import About from "./About.svelte";
import Account from "./Account.svelte";
import Appearance from "./Appearance.svelte";
import Notifications from "./Notifications.svelte";
import OutOfOffice from "./OutOfOffice.svelte";
import Sheets from "./Sheets.svelte";
import Shortcuts from "./Shortcuts.svelte";
import StoragePage from "./StoragePage.svelte";
import Tracker from "./Tracker.svelte";
import Writing from "./Writing.svelte";

/** What every section is given; each takes of it what it needs. */
export type SectionProps = {
  boot: Boot;
  sync: Sync;
  /** Changes what this computer keeps. */
  onset: (change: Partial<Settings>) => void;
  onzoom: (step: -1 | 1) => void;
  onsignout: () => void;
  /** The data was brought back from a backup: everything begins anew. */
  onboot: (boot: Boot) => void;
};

/** One section of Settings. */
export type Section = {
  /** Its place: settings/ID. */
  id: string;
  group: "you" | "messages" | "work" | "computer";
  title: () => string;
  lead: () => string;
  /** What it is also found by: the names of its settings. */
  words: () => string;
  icon: Component<{ size?: number | string }>;
  /** Set where it does not always apply. */
  shown?: (boot: Boot) => boolean;
  /** A head with controls in it: the section draws its own by SectionHead. */
  ownHead?: boolean;
  component: Component<SectionProps>;
};

const here = (boot: Boot) => boot.account !== null;

export const sections: Section[] = [
  {
    id: "account",
    group: "you",
    title: s.account,
    lead: s.accountLead,
    words: s.accountWords,
    icon: CircleUser,
    component: Account,
  },
  {
    id: "privacy",
    group: "you",
    title: p.privacy,
    lead: p.privacyLead,
    words: p.privacyWords,
    icon: Eye,
    shown: here,
    component: PrivacySettings,
  },
  {
    id: "safety",
    group: "you",
    title: safe.title,
    lead: safe.lead,
    words: safe.words,
    icon: ShieldCheck,
    shown: here,
    component: SafetySettings,
  },
  {
    id: "notices",
    group: "messages",
    title: s.notifications,
    lead: s.notificationsLead,
    words: s.notificationsWords,
    icon: Bell,
    shown: here,
    ownHead: true,
    component: Notifications,
  },
  {
    id: "away",
    group: "messages",
    title: n.office,
    lead: n.officeLead,
    words: n.officeWords,
    icon: TreePalm,
    shown: here,
    ownHead: true,
    component: OutOfOffice,
  },
  {
    id: "writing",
    group: "messages",
    title: s.writing,
    lead: s.writingLead,
    words: s.writingWords,
    icon: TextCursorInput,
    component: Writing,
  },
  {
    id: "tracker",
    group: "work",
    title: t.title,
    lead: t.lead,
    words: t.words,
    icon: Timer,
    shown: here,
    ownHead: true,
    component: Tracker,
  },
  {
    id: "folders",
    group: "work",
    title: f.folders,
    lead: f.foldersLead,
    words: f.foldersWords,
    icon: FolderInput,
    shown: here,
    component: Folders,
  },
  {
    id: "sheets",
    group: "work",
    title: sh.title,
    lead: sh.lead,
    words: sh.words,
    icon: FileCheck,
    ownHead: true,
    component: Sheets,
  },
  {
    id: "look",
    group: "computer",
    title: s.appearance,
    lead: s.appearanceLead,
    words: s.appearanceWords,
    icon: Palette,
    component: Appearance,
  },
  {
    id: "shortcuts",
    group: "computer",
    title: k.title,
    lead: k.lead,
    words: k.words,
    icon: Keyboard,
    ownHead: true,
    component: Shortcuts,
  },
  {
    id: "storage",
    group: "computer",
    title: d.title,
    lead: d.lead,
    words: s.storageWords,
    icon: HardDrive,
    shown: here,
    component: StoragePage,
  },
  {
    id: "about",
    group: "computer",
    title: s.about,
    lead: () => "",
    words: s.aboutWords,
    icon: InfoIcon,
    component: About,
  },
];
