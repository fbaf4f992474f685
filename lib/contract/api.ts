import type { Expectation } from '@/lib/domain/groups/expectation';
import type { WithAbilities } from './abilities';
import type { ConnectionCheck } from './clusters';
import type { DemoView } from './demo';
import type { Happened, HappenedQuery } from './episodes';
import type { FailureList, FailureView } from './failures';
import type {
  GroupList,
  GroupView,
  LagQuery,
  LagSeries,
  MovePlanRequest,
  MovePreview,
  MoveRequest,
} from './groups';
import type { MessageQuery } from './message-filter';
import type { MessageHistogram, MessageList, MessageStory, PayloadView, RecordView } from './messages';
import type { Attention, OverviewView } from './overview';
import type {
  AcceptedRetry,
  DecidedItems,
  HeldDecision,
  ManyPreview,
  RetryItemPage,
  RetryList,
  RetryOfManyRequest,
  RetryPreview,
  RetryRequest,
  RetryView,
  SelectedDeliveries,
} from './retries';
import type { SearchAnswer } from './search';
import type { CurrentSession, SessionView, SignInRequest } from './sessions';
import type { MadeToken, NewToken, SettingsView, TokenList } from './settings';
import type {
  BrowseAnswer,
  BrowseQuery,
  DeadLetterTopics,
  TestMessageRequest,
  TestMessageView,
  TopicList,
  TopicPolicy,
  TopicPolicyChange,
  TopicView,
} from './topics';
import type { WorkersView } from './workers';

/** The body or the answer of a request that carries nothing. */
export type Nothing = Record<string, never>;

/**
 * Every address of the console's API: its query, its body and its answer. Routes are checked against it, requests of
 * pages are typed by it, and `docs/api.md` and `GET /api/openapi.json` are generated from it.
 */
export interface Api {
  /** How many failures, retries and groups need a person. */
  'GET /api/attention': { answer: Attention };
  /** Dead-letter topics, fullest first. */
  'GET /api/dead-letter-topics': { answer: DeadLetterTopics };
  /** What to try with the demo; 404 where this Courier is none. */
  'GET /api/demo': { answer: DemoView };
  /** What happened in a span of time, worst first. */
  'GET /api/episodes': { query: HappenedQuery; answer: Happened };
  /** Failures of all groups, worst first. */
  'GET /api/failures': { answer: FailureList };
  /** One failure; `~` is the segment for a message without a type and for an error without a type. */
  'GET /api/failures/{group}/{type}/{error}': { answer: FailureView };
  /** Consumer groups with their verdicts, worst first. */
  'GET /api/groups': { answer: GroupList };
  /** One consumer group, by partition. */
  'GET /api/groups/{name}': { answer: GroupView };
  /** Marks when a group may have no members. */
  'PUT /api/groups/{name}/expectation': {
    body: { expectation: Expectation; note?: string };
    answer: Nothing;
  };
  /** Ends that mark. */
  'DELETE /api/groups/{name}/expectation': { body: Nothing; answer: Nothing };
  /** Acknowledges what a group lost up to a moment. */
  'POST /api/groups/{name}/losses': { body: { upTo: string }; answer: { losses: number } };
  /** Has a group of the SDK give up the record at its position. */
  'POST /api/groups/{name}/skips': {
    body: { topic: string; partition: number; offset: string; reason?: string };
    answer: { id: string };
  };
  /** What moving positions of a group would do; changes nothing. */
  'POST /api/groups/{name}/moves/preview': { body: MovePlanRequest; answer: MovePreview };
  /** Moves positions of a group that has no members, as a preview listed them. A worker does it. */
  'POST /api/groups/{name}/moves': { body: MoveRequest; answer: { id: string } };
  /** Moves positions back to where a move took them from, while the group has not moved on. */
  'POST /api/groups/{name}/moves/{id}/undo': { body: Nothing; answer: { id: string } };
  /** Lag over time. */
  'GET /api/groups/{name}/lag': { query: LagQuery; answer: LagSeries };
  /** Messages, newest first. */
  'GET /api/messages': { query: MessageQuery & { before?: string; limit?: number }; answer: MessageList };
  /** All messages of a filter as a file; read in pages, so that it may be long. */
  'GET /api/messages/export': { query: MessageQuery & { format: 'csv' | 'ndjson' }; answer: string };
  /** How many messages of each status were made in each step of a time span of 31 days at most. */
  'GET /api/messages/histogram': {
    query: Omit<MessageQuery, 'q' | 'from' | 'to'> & { from: string; to: string };
    answer: MessageHistogram;
  };
  /** Everything that Courier has recorded about one message. */
  'GET /api/messages/{id}': { answer: MessageStory };
  /** Its key and headers, without the payload. */
  'GET /api/messages/{id}/headers': { answer: PayloadView };
  /** Its key, headers and payload. Each reading is written into the audit. */
  'GET /api/messages/{id}/payload': { answer: PayloadView };
  /** Its payload as a file. */
  'GET /api/messages/{id}/payload/raw': { answer: Blob };
  /** This document. */
  'GET /api/openapi.json': { answer: object };
  /** What needs a person now, and the last hour. */
  'GET /api/overview': { answer: OverviewView };
  /** Retries, newest first. */
  'GET /api/retries': {
    query: { running?: boolean; before?: string; limit?: number };
    answer: RetryList;
  };
  /** Accepts a retry of one message to groups that failed on it. A worker sends it. */
  'POST /api/retries': { body: RetryRequest; answer: AcceptedRetry };
  /** Accepts a retry of many deliveries of one group. A worker sends them. */
  'POST /api/retries/many': { body: RetryOfManyRequest; answer: AcceptedRetry };
  /** The dry run of a retry of one message. Changes nothing. */
  'GET /api/retries/preview': { query: { message: string; group: string[] }; answer: RetryPreview };
  /** The dry run of a retry of many. A POST since a selection may be too long for an address; changes nothing. */
  'POST /api/retries/preview-many': { body: SelectedDeliveries; answer: ManyPreview };
  /** One retry. */
  'GET /api/retries/{id}': { answer: RetryView };
  /** Decides what happens to held items: Courier could not determine whether they were sent. */
  'POST /api/retries/{id}/held': { body: { decision: HeldDecision }; answer: DecidedItems };
  /** Items of a retry, in the order in which they were made. */
  'GET /api/retries/{id}/items': {
    query: { states?: string[]; after?: string; limit?: number };
    answer: RetryItemPage;
  };
  /** Closes items that ended without an answer. */
  'POST /api/retries/{id}/unanswered': { body: Nothing; answer: DecidedItems };
  /** Finds messages, groups, topics and failures by words. */
  'GET /api/search': { query: { q: string }; answer: SearchAnswer };
  /** When the caller's session ends. */
  'GET /api/session': { answer: CurrentSession };
  /** Signs in; the session is a cookie of the answer. */
  'POST /api/session': { body: SignInRequest; answer: { name: string } };
  /** Signs out. */
  'DELETE /api/session': { body: Nothing; answer: Nothing };
  /** The caller's own sessions. */
  'GET /api/sessions': { answer: { sessions: SessionView[] } };
  /** Ends one of them. */
  'DELETE /api/sessions/{id}': { body: Nothing; answer: { id: string } };
  /** The cluster, its sources, what was rejected, and retention. */
  'GET /api/settings': { answer: SettingsView };
  /** Tests the connection to the cluster step by step; nothing is changed there. */
  'GET /api/settings/check': { answer: ConnectionCheck };
  /** What became of a test message. */
  'GET /api/test-messages/{id}': { answer: TestMessageView };
  /** Services with their tokens, without the values of these. */
  'GET /api/tokens': { answer: TokenList };
  /** Makes a token of a service; its value is in this answer and nowhere else. */
  'POST /api/tokens': { body: NewToken; answer: MadeToken };
  /** Ends one token of a service, or all of them. */
  'DELETE /api/tokens': { body: { name: string; id?: number }; answer: { name: string } };
  /** Topics. */
  'GET /api/topics': { query: { internal?: boolean }; answer: TopicList };
  /** One topic. */
  'GET /api/topics/{name}': { answer: TopicView };
  /** Sets what Courier keeps of a topic's messages. */
  'PUT /api/topics/{name}': { body: TopicPolicy & TopicPolicyChange; answer: { name: string } };
  /** One record by its place, straight from the broker, of any age, indexed or not. */
  'GET /api/topics/{name}/records/{partition}/{offset}': { answer: RecordView };
  /** Records of a topic, straight from the broker. */
  'GET /api/topics/{name}/browse': { query: BrowseQuery; answer: BrowseAnswer };
  /** Accepts a test message. A worker sends it. */
  'POST /api/topics/{name}/test': { body: TestMessageRequest; answer: { id: string } };
  /** Pauses the move of earlier releases' data into the tables of today, or lets it go on. */
  'PUT /api/settings/former-days': { body: { isPaused: boolean }; answer: { isPaused: boolean } };
  /** Courier's own workers. */
  'GET /api/workers': { answer: WorkersView };
  /** Lets the workers of the cluster try again at once. */
  'POST /api/workers/try-now': { body: Nothing; answer: Nothing };
}

export type Endpoint = keyof Api;

/** What an endpoint answers. */
export type AnswerOf<E extends Endpoint> = Api[E]['answer'] extends string | Blob
  ? Api[E]['answer']
  : WithAbilities<Api[E]['answer']>;

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The names in an endpoint's path. */
export type ParamsOf<E extends Endpoint> = Record<NamesIn<E>, string | null>;

/** What a request to an endpoint consists of. */
export type RequestOf<E extends Endpoint> = ([NamesIn<E>] extends [never]
  ? unknown
  : { params: ParamsOf<E> }) &
  (Api[E] extends { query: infer Query } ? { query: Query } : unknown) &
  (Api[E] extends { body: infer Body } ? { body: Body } : unknown);
