// What a person types to come in, and what of it is wrong before any service is asked (U-01, U-02, D-12).
import { m } from "../text/en";

/** The fields of the form, as they are typed. */
export type Entry = {
  address: string;
  link: string;
  name: string;
  email: string;
  password: string;
};

export type EntryField = keyof Entry;

/** Letters that a new password has at least. */
const least = 12;

/**
 * What is wrong, a sentence for each field; nothing where the service has to say. Up is for a new account; closed tells that the service
 * takes nobody without an invitation.
 */
export function wrongIn(
  entry: Entry,
  { up, closed }: { up: boolean; closed: boolean },
): Partial<Record<EntryField, string>> {
  const wrong: Partial<Record<EntryField, string>> = {};
  const needed: EntryField[] = ["address", "email", "password"];
  if (up) needed.push("name");
  if (up && closed) needed.push("link");
  // The name of an account stands before the @, its post office behind it.
  if (!/^[^\s@]+@[^\s@]+$/.test(entry.email.trim())) wrong.email = m.noEmail();
  if (up && [...entry.password].length < least)
    wrong.password = m.passwordShort();
  for (const field of needed)
    if (entry[field].trim() === "") wrong[field] = m.needed();
  return wrong;
}
