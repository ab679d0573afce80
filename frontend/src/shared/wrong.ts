import { tick } from "svelte";

/**
 * Puts the focus to the first field of a form that is marked wrong, once the page says so; answers whether there was one. Whoever does not
 * see the page hears then what is wrong, and whoever types can mend it at once.
 */
export async function focusWrong(form: HTMLElement): Promise<boolean> {
  await tick();
  const field = form.querySelector<HTMLElement>('[aria-invalid="true"]');
  field?.focus();
  return field !== null;
}
