import type { Outcome } from '@/lib/domain/messages/fold';
import type { Fact, MessageDescription } from '@/lib/protocol/fact';
import { Recent } from '@/lib/values/recent';
import type { Catalog } from '../names/catalog';
import type { NamedRow, NameTable } from '../names/name-table';
import { originOf, placeOf } from '../names/origins';
import { shapeOf } from '../names/shapes';
import type { FactNumbers } from './pack-fact';

/** Where and when a fact was read. */
export interface Reading {
  /** The SDK's topic, the intake, a dead-letter topic. */
  source: string;
  receivedAt: Date;
}

const NO_ROW: NamedRow = { id: 0, isOverflow: false };

/** Numbers in the store of all names in a batch of facts. */
export class Numbers implements FactNumbers {
  readonly topics = new Map<string, number>();
  readonly groups = new Map<string, number>();
  private readonly shapes = new Map<string, NamedRow>();
  private readonly origins = new Map<string, NamedRow>();
  /** By the object, which most facts of a batch are asked for several times. */
  private readonly byDescription = new Map<Partial<MessageDescription>, NamedRow>();
  private readonly readings = new Map<Fact, Reading>();
  private readonly recentOrigins = new Recent<{ fact: Fact; source: string; row: NamedRow }>();
  private readonly recentPlaces = new Recent<{ outcome: Outcome; row: NamedRow }>();

  private constructor(
    readonly catalog: Catalog,
    private readonly readingOf: (fact: Fact) => Reading,
  ) {}

  /** Numbers of everything that facts name, made where there is none, outside of any transaction. */
  static async of(
    catalog: Catalog,
    facts: readonly Fact[],
    readingOf: (fact: Fact) => Reading,
  ): Promise<Numbers> {
    const numbers = new Numbers(catalog, readingOf);
    await numbers.learn(facts);
    return numbers;
  }

  get clusterId(): number {
    return this.catalog.clusterId;
  }

  /** Learns the names of further facts. */
  async learn(facts: readonly Fact[]): Promise<void> {
    const { origins, shapes } = this.catalog;
    for (const [name, id] of await this.catalog.topicIds(facts.flatMap(topicsOf))) this.topics.set(name, id);
    for (const [name, id] of await this.catalog.groupIds(facts.flatMap((fact) => fact.group ?? [])))
      this.groups.set(name, id);
    const ofFacts = new Map<string, ReturnType<typeof originOf>>();
    const ofMessages = new Map<string, ReturnType<typeof shapeOf>>();
    const seen = new Recent<Fact>();
    const seenPlaces = new Recent<Fact>();
    for (const fact of facts) {
      const source = this.sourceOf(fact);
      if (!seen.find((other) => isOfSameOrigin(fact, other) && this.sourceOf(other) === source)) {
        const origin = originOf(seen.add(fact), source);
        ofFacts.set(origins.keyOf(origin), origin);
      }
      if (fact.group !== undefined && !seenPlaces.find((other) => isAtSamePlace(fact, other))) {
        const place = placeOf(outcomePlace(seenPlaces.add(fact)));
        ofFacts.set(origins.keyOf(place), place);
      }
      if (!fact.message) continue;
      const shape = shapeOf(fact.message, this.topics);
      ofMessages.set(shapes.keyOf(shape), shape);
    }
    await fill(this.origins, origins, ofFacts);
    await fill(this.shapes, shapes, ofMessages);
  }

  /** Learns the shapes of messages, which may join the descriptions of several facts. */
  async learnShapes(descriptions: readonly Partial<MessageDescription>[]): Promise<void> {
    // The topic of a stored message need not be one that these facts name.
    const topics = descriptions.flatMap(({ topic }) =>
      topic === undefined || this.topics.has(topic) ? [] : [topic],
    );
    for (const [name, id] of await this.catalog.topicIds(topics)) this.topics.set(name, id);
    const { shapes } = this.catalog;
    const missing = new Map<string, ReturnType<typeof shapeOf>>();
    for (const description of descriptions) {
      if (this.byDescription.has(description)) continue;
      const shape = shapeOf(description, this.topics);
      missing.set(shapes.keyOf(shape), shape);
    }
    await fill(this.shapes, shapes, missing);
  }

  topicOf(name: string | undefined): number | null {
    return name === undefined ? null : (this.topics.get(name) ?? null);
  }

  groupOf(name: string | undefined): number | null {
    return name === undefined ? null : (this.groups.get(name) ?? null);
  }

  shapeOf(description: Partial<MessageDescription>): NamedRow {
    const known = this.byDescription.get(description);
    if (known) return known;
    const row = this.shapes.get(this.catalog.shapes.keyOf(shapeOf(description, this.topics))) ?? NO_ROW;
    this.byDescription.set(description, row);
    return row;
  }

  originOf(fact: Fact): NamedRow {
    const source = this.sourceOf(fact);
    const known = this.recentOrigins.find(
      (item) => item.fact === fact || (item.source === source && isOfSameOrigin(fact, item.fact)),
    );
    if (known) return known.row;
    const row = this.origins.get(this.catalog.origins.keyOf(originOf(fact, source))) ?? NO_ROW;
    return this.recentOrigins.add({ fact, source, row }).row;
  }

  placeOf(outcome: Outcome): NamedRow {
    const known = this.recentPlaces.find(
      ({ outcome: other }) => other === outcome || isAtSamePlace(outcome, other),
    );
    if (known) return known.row;
    const row = this.origins.get(this.catalog.origins.keyOf(placeOf(outcome))) ?? NO_ROW;
    return this.recentPlaces.add({ outcome, row }).row;
  }

  /** Keeps the reading of a fact that is stored already. */
  keepReading(fact: Fact, reading: Reading): void {
    this.readings.set(fact, reading);
  }

  sourceOf(fact: Fact): string {
    return (this.readings.get(fact) ?? this.readingOf(fact)).source;
  }

  receivedAtOf(fact: Fact): Date {
    return (this.readings.get(fact) ?? this.readingOf(fact)).receivedAt;
  }
}

/** Whether two facts name the same service, release and host, which are all that a delivery keeps of them. */
function isAtSamePlace(a: Place, b: Place): boolean {
  return a.service === b.service && a.host === b.host && a.release === b.release;
}

type Place = { [Name in 'service' | 'host' | 'release']?: string | null | undefined };

function isOfSameOrigin(a: Fact, b: Fact): boolean {
  return isAtSamePlace(a, b) && a.process === b.process && a.member === b.member;
}

function outcomePlace({ service, host, release }: Fact) {
  return { service: service ?? null, host: host ?? null, release: release ?? null };
}

function topicsOf(fact: Fact): string[] {
  return [fact.message?.topic, fact.position?.topic, fact.gaveUp?.to?.topic].filter(
    (name) => name !== undefined,
  );
}

async function fill<Names>(
  known: Map<string, NamedRow>,
  table: NameTable<Names>,
  wanted: Map<string, Names>,
): Promise<void> {
  for (const key of wanted.keys()) if (known.has(key)) wanted.delete(key);
  if (wanted.size === 0) return;
  for (const [key, row] of await table.ids(wanted.values())) known.set(key, row);
}
