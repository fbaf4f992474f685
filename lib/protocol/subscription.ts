/**
 * Whether a subscription takes a message.
 * @param types the types it names; null or undefined: it takes every message
 * @param type of the message; a subscription that names types takes no message without one
 */
export function takesType(
  types: readonly string[] | null | undefined,
  type: string | null | undefined,
): boolean {
  return !types || (!!type && types.includes(type));
}
