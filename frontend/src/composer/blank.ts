/** Whether nothing of a text would be seen: spaces, controls, and signs that only join or turn letters. The service refuses it as empty (M-22). */
export function blank(text: string): boolean {
  return !/[^\s\p{Z}\p{Cc}\p{Cf}]/u.test(text);
}
