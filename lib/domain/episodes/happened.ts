import { VERDICTS } from '../groups/verdict';
import { overAt, TROUBLES, type Episode, type EpisodeKind } from './episode';

/** Troubles that led to each other, or one alone. */
export interface Story {
  /** What began first; of another kind than a trouble where a release led to it. */
  root: Episode;
  /** The trouble that it is named by: a loss before all others, then what began first. */
  named: Episode;
  /** The other troubles, in the order in which they began. */
  folded: Episode[];
  began: number;
  /** null: one of them is open. */
  ended: number | null;
  /** Who ended the trouble that it is named by; null: it ended by itself, or has not. */
  endedBy: string | null;
}

/** How many stories there are; `all` is the sum of the others. */
export interface StoryCounts {
  all: number;
  open: number;
  byThemselves: number;
  byPeople: number;
}

/** A trouble that was over after this time, by itself and without another, is left out of lists. */
const SMALL_MS = 60_000;
/** And after so many measurements, where these are more frequent. */
const SMALL_SAMPLES = 6;

/** Puts troubles that led to each other together. Where the root is not among the episodes, the first of its effects takes its place. */
export function storiesOf(episodes: readonly Episode[]): Story[] {
  const byRoot = new Map<string, Episode[]>();
  for (const episode of episodes) {
    const list = byRoot.get(episode.root);
    if (list) list.push(episode);
    else byRoot.set(episode.root, [episode]);
  }
  return [...byRoot.values()].flatMap((list) => storyOf(list) ?? []);
}

function storyOf(list: Episode[]): Story | null {
  const sorted = list.toSorted((a, b) => a.began - b.began);
  const troubles = sorted.filter(({ kind }) => TROUBLES.has(kind));
  const [first] = troubles;
  if (!first) return null;
  const root = sorted.find((episode) => episode.id === episode.root) ?? first;
  const loss = troubles.find(({ kind }) => kind === 'data_loss');
  const worst = troubles.toSorted((a, b) => severity(a) - severity(b))[0] ?? first;
  const named = loss ?? (TROUBLES.has(root.kind) ? root : worst);
  const ends = troubles.map(overAt);
  const ended = ends.every((end) => end !== null) ? Math.max(...ends) : null;
  return {
    root,
    named,
    folded: troubles.filter((episode) => episode !== named),
    began: Math.min(...troubles.map(({ began }) => began)),
    ended,
    endedBy: ended === null ? null : named.endedBy,
  };
}

const KINDS: readonly EpisodeKind[] = [
  'data_loss',
  'broker_away',
  'partition_offline',
  'group_trouble',
  'no_members',
  'source_silent',
  'rebalances',
];

/** Rank of a trouble, the worst first. */
function severity(episode: Episode): number {
  const kind = KINDS.indexOf(episode.kind);
  const verdict = episode.kind === 'group_trouble' ? VERDICTS.indexOf(episode.subject.verdict) : 0;
  return kind * VERDICTS.length + verdict;
}

/** Records that a trouble is about; 0 where none are counted. */
export function sizeOf(episode: Episode): number {
  switch (episode.kind) {
    case 'data_loss':
      return episode.figures.records;
    case 'group_trouble':
    case 'no_members':
      return episode.figures.peakLag ?? 0;
    default:
      return 0;
  }
}

/** Order of stories: lost data, then what is still open, then what is worse, larger, newer. */
export function byWeight(a: Story, b: Story): number {
  const lost = (story: Story) => Number(story.named.kind !== 'data_loss');
  return (
    lost(a) - lost(b) ||
    Number(a.ended !== null) - Number(b.ended !== null) ||
    severity(a.named) - severity(b.named) ||
    sizeOf(b.named) - sizeOf(a.named) ||
    b.began - a.began
  );
}

/** How long a trouble is at most to be left out of lists, in milliseconds. */
export function smallMs(periodMs: number): number {
  return Math.min(SMALL_MS, SMALL_SAMPLES * periodMs);
}

/** Whether a story is too small for a list: short, over, alone, and ended without a person. */
export function isSmall({ began, ended, folded, named, endedBy }: Story, periodMs: number): boolean {
  if (ended === null || folded.length > 0 || endedBy !== null || named.kind === 'data_loss') return false;
  return ended - began <= smallMs(periodMs);
}

/** Counts stories. */
export function countsOf(stories: readonly Story[]): StoryCounts {
  const open = stories.filter(({ ended }) => ended === null).length;
  const byPeople = stories.filter(({ endedBy }) => endedBy !== null).length;
  return { all: stories.length, open, byPeople, byThemselves: stories.length - open - byPeople };
}
