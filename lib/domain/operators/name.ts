/**
 * The one form in which names of operators are compared: NFKC, then lower case. Every comparison of names uses exactly
 * this form.
 */
export function foldName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/** Whether a name can be read as what it is: no control, format or private-use characters, and none that shows as nothing. */
export function isReadableName(name: string): boolean {
  return !/\p{C}|\p{Default_Ignorable_Code_Point}|\u2800/u.test(name);
}
