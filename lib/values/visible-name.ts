/** A name as a page shows it: one of no or only blank characters, which Kafka allows, is quoted. */
export function visibleName(name: string): string {
  return name.trim() === '' ? JSON.stringify(name) : name;
}
