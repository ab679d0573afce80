import { call, fileURL, on } from "../bridge";
import type { ExportView, TimeExportIn } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { t } from "../text/reports";
import { app } from "./app.svelte";
import { attempt } from "./say";

/** The forms that time is written in: a format, and of CSV a layout. */
export const timeForms = [
  "csv:trestle",
  "csv:toggl",
  "csv:clockify",
  "csv:solidtime",
  "csv:kimai",
  "xlsx:",
  "pdf:",
  "json:",
] as const;

/**
 * Time on its way into a file. The window asks with the system's dialog where to;
 * a page fetches the file when it is done. Made by a component as it begins.
 */
export class TimeFiles {
  #heard = new Map<string, ExportView>();
  #waits = "";

  constructor() {
    $effect(() =>
      on("export", (e) => {
        this.#heard.set(e.id, e);
        if (e.id === this.#waits) this.#finish(e);
      }),
    );
  }

  #finish(e: ExportView) {
    if (e.state === "failed") toasts.show(e.reason);
    if (e.state === "done" && !app.caps?.dialogs) {
      const link = document.createElement("a");
      link.href = fileURL(e.id);
      link.download = e.name;
      link.click();
      toasts.show(t.exported(e.name));
    }
    if (e.state !== "going") this.#waits = "";
  }

  /** Writes a report in one of the forms. */
  async write(report: TimeExportIn["report"], form: string) {
    const [format = "", layout = ""] = form.split(":");
    await attempt(async () => {
      const e = await call("Reports.Export", {
        report: { ...report, group: [] },
        format,
        layout,
        mark: layout === "trestle" || layout === "week",
      });
      this.#waits = e.id;
      const last = this.#heard.get(e.id);
      if (last) this.#finish(last);
    });
  }
}
