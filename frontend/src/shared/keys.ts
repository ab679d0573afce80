/** True on macOS, where Cmd stands for Ctrl (row K). */
export const mac = /Mac|iPhone|iPad/.test(navigator.platform);

/** True while an input method is putting a character together (K-01). */
export function composing(e: KeyboardEvent): boolean {
  return e.isComposing || e.keyCode === 229;
}

/** A shortcut as it is shown: "Ctrl+B", on macOS "⌘B". */
export function shown(keys: string): string {
  if (!mac) return keys;
  return keys.replace("Ctrl+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥");
}
