/** One frame of a stack, with as many parts as its language reports. */
export interface Frame {
  /** `BalanceGuard.check`; the whole line where it could not be read. */
  what: string;
  /** `src/balance.ts:88`, or null. */
  where: string | null;
  /** Whether it is the service's own code and not a library's or the runtime's. */
  own: boolean;
}

const LIBRARY = /node_modules|^node:|\(node:|site-packages|\/lib\/python|<anonymous>$/;
const LIBRARY_NAME =
  /^(java|javax|jdk|sun|kotlin|scala|org\.springframework|org\.apache|io\.netty|reactor|processTicksAndRejections|Module\._|process\.)/;

/** Reads the frames of a stack of JavaScript, Java or Python, the innermost first. Lines that are none are left out. */
export function framesOf(stack: string): Frame[] {
  const lines = stack.split('\n').slice(0, 400);
  const frames = lines.flatMap((line) => frameOf(line) ?? []);
  // Python prints the innermost frame last.
  return lines[0]?.startsWith('Traceback') ? frames.toReversed() : frames;
}

function frameOf(line: string): Frame | null {
  const text = line.trim();
  const named = /^at (?:async )?([^()]{1,300}?) ?\(([^()]{1,500})\)$/.exec(text);
  if (named?.[1] && named[2]) return frame(named[1], named[2]);
  const bare = /^at (?:async )?(\S{1,500}:\d+:\d+)$/.exec(text);
  if (bare?.[1]) return frame('', bare[1]);
  const python = /^File "(.{1,400})", line (\d+), in (.{1,200})$/.exec(text);
  return python?.[1] && python[3] ? frame(python[3], `${python[1]}:${python[2]}`) : null;
}

function frame(what: string, where: string): Frame {
  const own = !LIBRARY.test(where) && !LIBRARY_NAME.test(what);
  const short = where.replace(/^file:\/\//, '').replace(/(:\d+):\d+$/, '$1');
  return { what: what || short, where: what ? short : null, own };
}

/**
 * Where a service's own frames lie, without the folders that all of them share but the last: `/app/build/src/a.ts:3`
 * beside `/app/build/src/http/b.ts:9` becomes `src/a.ts:3`. Other places stay as they are.
 */
export function shortPlaces(frames: Frame[]): (string | null)[] {
  const own = frames.flatMap(({ own, where }) => (own && where ? [where.split(/[/\\]/)] : []));
  const [first = [], ...others] = own.map((parts) => parts.slice(0, -1));
  const differs = first.findIndex((part, at) => others.some((parts) => parts[at] !== part));
  const shared = Math.max(0, (differs < 0 ? first.length : differs) - 1);
  return frames.map(({ own: isOwn, where }) =>
    isOwn && where ? where.split(/[/\\]/).slice(shared).join('/') : where,
  );
}

/** The innermost frame of a stack that is the service's own, its place without folders; null where there is none. */
export function ownFrame(stack: string): { what: string; where: string | null } | null {
  const own = framesOf(stack).find((item) => item.own);
  return own ? { what: own.what, where: own.where?.split(/[/\\]/).at(-1) ?? null } : null;
}

/** Frames that all stacks share, from the innermost on; those of one stack where there is one. */
export function commonFrames(stacks: string[]): Frame[] {
  const [first, ...rest] = stacks.map(framesOf);
  if (!first) return [];
  const key = (item: Frame | undefined) => `${item?.what} ${item?.where}`;
  const end = first.findIndex((item, at) => rest.some((other) => key(other[at]) !== key(item)));
  return end < 0 ? first : first.slice(0, end);
}
