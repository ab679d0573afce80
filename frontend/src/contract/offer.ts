import type { NewContractIn } from "../bridge/api";
import { m } from "../text/en";
import { readMoney } from "../text/units";

/** An offer as it is being written: every field as typed. */
export type OfferForm = {
  title: string;
  about: string;
  rate: string;
  currency: string;
  limited: boolean;
  hours: string;
  codes: { key: string; code: string; about: string }[];
  require: boolean;
  /** Nothing is preset: the person has to choose. */
  shots: "" | "none" | "blurred" | "full";
  idle: string;
  /** Time may be written in by hand; billed by whole segments. */
  manual: boolean;
  segments: boolean;
  invite: "link" | "email" | "self";
  email: string;
};

/** What the call takes, but for the reason that is named only where one is needed. */
type OfferIn = Omit<NewContractIn, "reason">;

/** What is wrong, by field; the codes by their key. */
export type OfferFaults = Record<string, string>;

/** An empty form. Screenshots are left open on purpose. */
export function emptyOffer(canInvite: boolean): OfferForm {
  return {
    title: "",
    about: "",
    rate: "",
    currency: "EUR",
    limited: true,
    hours: "40",
    codes: [],
    require: false,
    shots: "",
    idle: "10",
    manual: false,
    segments: false,
    invite: canInvite ? "link" : "self",
    email: "",
  };
}

/** The form that was closed before it was sent, for as long as the page lives. */
let kept: { by: string; id: string; form: OfferForm } | undefined;

/**
 * Keeps a form, as it is now, for the next opening by the same account; not one
 * that is as it came.
 */
export function keepOffer(
  by: string,
  canInvite: boolean,
  id: string,
  form: OfferForm,
) {
  const empty = JSON.stringify(emptyOffer(canInvite));
  kept = JSON.stringify(form) === empty ? undefined : { by, id, form };
}

/** Forgets it: it was sent. */
export function forgetOffer() {
  kept = undefined;
}

/** What this account typed before, or an empty form, with its contract's id. */
export function openOffer(
  by: string,
  canInvite: boolean,
  id: string,
): { id: string; form: OfferForm } {
  if (kept?.by !== by) return { id, form: emptyOffer(canInvite) };
  const form = canInvite
    ? kept.form
    : { ...kept.form, invite: "self" as const };
  return { id: kept.id, form };
}

/** Reads the form: the call's argument, or what is wrong with it. */
export function readOffer(form: OfferForm, id: string): OfferIn | OfferFaults {
  const faults: OfferFaults = {};
  const rate = readMoney(form.rate, form.currency);
  const hours = /^\s*\d{1,3}\s*$/.test(form.hours) ? Number(form.hours) : 0;
  if (form.title.trim() === "") faults["title"] = m.needed();
  if (rate === undefined || rate === 0)
    faults["rate"] = m.badAmount(form.currency);
  if (form.limited && (hours < 1 || hours > 168))
    faults["hours"] = m.badHours();
  if (form.shots === "") faults["shots"] = m.shotsChoose();
  if (form.invite === "email" && !/^[^\s@]+@[^\s@]+$/.test(form.email.trim()))
    faults["email"] = m.needed();
  const seen = new Set<string>();
  for (const c of form.codes) {
    const code = c.code.trim().toLowerCase();
    if (code === "" && c.about.trim() !== "") faults[c.key] = m.needed();
    if (code !== "" && seen.has(code)) faults[c.key] = m.doubleCode();
    seen.add(code);
  }
  if (Object.keys(faults).length > 0 || form.shots === "" || rate === undefined)
    return faults;
  return {
    id,
    title: form.title.trim(),
    about: form.about.trim(),
    terms: {
      rate,
      currency: form.currency,
      limit: form.limited ? hours * 3600 : 0,
      requireActivity: form.require,
      shots: form.shots,
      idleMinutes: Number(form.idle),
      manual: form.manual,
      segments: form.segments,
    },
    activities: form.codes
      .filter((c) => c.code.trim() !== "")
      .map((c) => ({
        contract: id,
        id: "",
        code: c.code.trim(),
        about: c.about.trim(),
        archived: false,
      })),
    email: form.invite === "email" ? form.email.trim() : "",
    self: form.invite === "self",
  };
}

/** Tells what may be sent from what is wrong. */
export function isOffer(read: OfferIn | OfferFaults): read is OfferIn {
  return "terms" in read && typeof read.terms === "object";
}
