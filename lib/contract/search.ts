import type { FailureRow } from './failures';
import type { Status } from '@/lib/domain/messages/status';
import type { Verdict } from '@/lib/domain/groups/verdict';
import type { NotRead } from '@/lib/domain/workers/reading';
import type { StatusDetail } from './messages';

export interface SearchHit {
  id: string;
  status: Status;
  detail: StatusDetail | null;
  type: string | null;
  key: string | null;
  topic: string | null;
  group: string | null;
  error: { type: string; message: string } | null;
  handled: number;
  total: number;
  at: string;
}

/** What a word of a search turned out to be. */
export type ReadAs =
  | 'id'
  | 'idPart'
  | 'position'
  | 'header'
  | 'key'
  | 'producer'
  | 'alias'
  | 'trace'
  | 'segment'
  | 'prefix'
  | 'group'
  | 'topic'
  | 'type'
  | 'status'
  | 'text'
  | 'nothing';

export interface SearchAnswer {
  /** How each word was read, and in which other ways it was found too. */
  readAs: { word: string; as: ReadAs; also: ReadAs[] }[];
  hits: SearchHit[];
  /** How many messages were found; a lower bound if not all were searched. */
  count: number;
  similar: SearchHit[];
  /** Consumer groups, topics and failures that the words name. */
  groups: { name: string; verdict: Verdict; lag: number | null }[];
  topics: string[];
  failures: FailureRow[];
  searched: {
    what: ('ids' | 'idParts' | 'positions' | 'keys' | 'producers' | 'traces' | 'headers' | 'names')[];
    from: string | null;
    milliseconds: number;
    /** Topics whose records are read, and so searched for ids, keys and positions. */
    indexed: number;
    /** Topics whose records are not read; messages that no service reports are not found there. */
    notIndexed: number;
    notRead: NotRead;
    /** How many messages were compared with the other words, where that was not all of them; else null. */
    looked: number | null;
    /** How many of the newest ids a shortened one was compared with, where that was not all of them; else null. */
    idsLooked: number | null;
  };
}
