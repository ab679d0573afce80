import { call } from "../bridge";
import { app } from "./app.svelte";
import { attempt } from "./say";
import { tracker } from "./tracker.svelte";

/** How much of the window is shown: "" the whole, else the tracker alone. */
export type Form = "" | "panel" | "pill";

/** The window made small. Only Trestle's own window can be; a tab in a browser cannot. */
class Mini {
  form = $state<Form>("");
  able = $derived(app.caps?.window ?? false);

  /** Makes the window that small, or whole again. */
  async set(form: Form) {
    await attempt(async () => {
      await call("Shell.Compact", { form });
      this.form = form;
      tracker.open = false;
    });
  }
}

export const mini = new Mini();
