import { call } from "../bridge";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { follow, isOurs } from "./places";
import { attempt, sentence } from "./say";

/** A link whose real host a person has to see before it opens. */
type Question = { url: string; text: string; host: string };

/** The only way out of the program: Go's own opener, which may ask first. A link of our own stays inside (D-10). */
class Links {
  question = $state.raw<Question>();

  /** Opens an address outside, or asks with its real host; goes to a place of our own. */
  async open(url: string, text: string, sure = false) {
    this.question = undefined;
    if (isOurs(url)) {
      await follow(url);
      return;
    }
    try {
      const answer = await call("Shell.OpenLink", { url, text, sure });
      if (answer.ask) this.question = { url, text, host: answer.host };
    } catch (e) {
      // Nothing here opens it, but what a person copies can be opened elsewhere.
      toasts.show(sentence(e), {
        label: m.copyAddress(),
        run: () => void attempt(() => navigator.clipboard.writeText(url)),
      });
    }
  }
}

export const links = new Links();
