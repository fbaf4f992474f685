/** A name as a page shows it: one of no or only blank characters, which Kafka allows, stands in quotes. */
export function visibleName(name: string): string {
  return name.trim() === '' ? JSON.stringify(name) : name;
}
