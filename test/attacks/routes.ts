/** What an actor is answered: a status, and for those who may act any status that is no refusal. */
export type Verdict = 401 | 403 | 'may';

/** The verdict for each caller. Services have no access to the console, and operators none to the intake. */
export interface RouteRow {
  anonymous: Verdict;
  /** Whose session or token has ended. */
  expired: Verdict;
  foreignService: Verdict;
  ownerService: Verdict;
  administrator: Verdict;
}

const OPERATORS_ALONE: RouteRow = {
  anonymous: 401,
  expired: 401,
  foreignService: 401,
  ownerService: 401,
  administrator: 'may',
};
const EVERYBODY: RouteRow = {
  anonymous: 'may',
  expired: 'may',
  foreignService: 'may',
  ownerService: 'may',
  administrator: 'may',
};
/** The service that owns the subject of the request, and no other service. */
const OWNER_ALONE: RouteRow = {
  anonymous: 401,
  expired: 401,
  foreignService: 403,
  ownerService: 'may',
  administrator: 401,
};

/** Who may do what, route by route, written by hand: what the code allows is compared with it. */
export const CONSOLE_ROUTES: Record<string, RouteRow> = {
  'DELETE /api/[...path]': EVERYBODY,
  'GET /api/[...path]': EVERYBODY,
  'PATCH /api/[...path]': EVERYBODY,
  'POST /api/[...path]': EVERYBODY,
  'PUT /api/[...path]': EVERYBODY,
  'GET /api/attention': OPERATORS_ALONE,
  'GET /api/dead-letter-topics': OPERATORS_ALONE,
  'GET /api/demo': OPERATORS_ALONE,
  'GET /api/episodes': OPERATORS_ALONE,
  'GET /api/failures': OPERATORS_ALONE,
  'GET /api/failures/[group]/[type]/[error]': OPERATORS_ALONE,
  'GET /api/groups': OPERATORS_ALONE,
  'GET /api/groups/[name]': OPERATORS_ALONE,
  'GET /api/groups/[name]/lag': OPERATORS_ALONE,
  'POST /api/groups/[name]/losses': OPERATORS_ALONE,
  'PUT /api/groups/[name]/expectation': OPERATORS_ALONE,
  'DELETE /api/groups/[name]/expectation': OPERATORS_ALONE,
  'POST /api/groups/[name]/skips': OPERATORS_ALONE,
  'POST /api/groups/[name]/moves': OPERATORS_ALONE,
  'POST /api/groups/[name]/moves/preview': OPERATORS_ALONE,
  'POST /api/groups/[name]/moves/[id]/undo': OPERATORS_ALONE,
  'GET /api/messages': OPERATORS_ALONE,
  'GET /api/messages/[id]': OPERATORS_ALONE,
  'GET /api/messages/[id]/headers': OPERATORS_ALONE,
  'GET /api/messages/[id]/payload': OPERATORS_ALONE,
  'GET /api/messages/[id]/payload/raw': OPERATORS_ALONE,
  'GET /api/messages/export': OPERATORS_ALONE,
  'GET /api/messages/histogram': OPERATORS_ALONE,
  'GET /api/openapi.json': EVERYBODY,
  'GET /api/overview': OPERATORS_ALONE,
  'GET /api/retries': OPERATORS_ALONE,
  'POST /api/retries': OPERATORS_ALONE,
  'GET /api/retries/[id]': OPERATORS_ALONE,
  'POST /api/retries/[id]/held': OPERATORS_ALONE,
  'GET /api/retries/[id]/items': OPERATORS_ALONE,
  'POST /api/retries/[id]/unanswered': OPERATORS_ALONE,
  'POST /api/retries/many': OPERATORS_ALONE,
  'GET /api/retries/preview': OPERATORS_ALONE,
  'POST /api/retries/preview-many': OPERATORS_ALONE,
  'GET /api/search': OPERATORS_ALONE,
  'GET /api/session': OPERATORS_ALONE,
  'POST /api/session': EVERYBODY,
  'DELETE /api/session': EVERYBODY,
  'GET /api/sessions': OPERATORS_ALONE,
  'DELETE /api/sessions/[id]': OPERATORS_ALONE,
  'GET /api/settings': OPERATORS_ALONE,
  'GET /api/settings/check': OPERATORS_ALONE,
  'GET /api/test-messages/[id]': OPERATORS_ALONE,
  'GET /api/tokens': OPERATORS_ALONE,
  'POST /api/tokens': OPERATORS_ALONE,
  'DELETE /api/tokens': OPERATORS_ALONE,
  'PUT /api/settings/former-days': OPERATORS_ALONE,
  'GET /api/topics': OPERATORS_ALONE,
  'GET /api/topics/[name]': OPERATORS_ALONE,
  'PUT /api/topics/[name]': OPERATORS_ALONE,
  'GET /api/topics/[name]/browse': OPERATORS_ALONE,
  'GET /api/topics/[name]/records/[partition]/[offset]': OPERATORS_ALONE,
  'POST /api/topics/[name]/test': OPERATORS_ALONE,
  'GET /api/workers': OPERATORS_ALONE,
  'POST /api/workers/try-now': OPERATORS_ALONE,
};

export const INTAKE_ROUTES: Record<string, RouteRow> = {
  '/v1/facts': OWNER_ALONE,
  '/v1/instances': OWNER_ALONE,
  '/v1/broker/topics': OWNER_ALONE,
  '/v1/broker/publish': OWNER_ALONE,
  '/v1/broker/join': OWNER_ALONE,
  '/v1/broker/poll': OWNER_ALONE,
  '/v1/broker/commit': OWNER_ALONE,
  '/v1/broker/leave': OWNER_ALONE,
};
