/** Whether nothing of a text would be seen: spaces, controls, and signs that only join, turn or fill. The service refuses it as empty (M-22). */
export function blank(text: string): boolean {
  return !/[^\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(
    text,
  );
}
