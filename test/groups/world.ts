/** A client of a simulated group. */
export interface Member {
  id: string;
  partitions: number[];
  /** Records that it can read a second, over all of its partitions. */
  perSecond: number;
  /** Seconds between commits; 0: at once; null: never. */
  commitEvery: number | null;
  /** Commits after so many records instead. */
  commitBatch?: number;
  /** Reads one partition until it is empty or after so many records, then the next, as the fetcher of the Java client does. */
  turns?: number;
  /** Reads beyond the last stable offset. */
  readsUncommitted?: boolean;
}

interface Client extends Member {
  paused: Set<number>;
  credit: number;
  next: number;
  current: number | null;
  served: number;
  uncommitted: number;
  commitsAt: number | null;
}

/** The log of one partition, and where the group is on it. */
export interface Log {
  /** When each record was written, in seconds. */
  times: number[];
  /** Control records and records of aborted transactions. */
  hidden: Set<number>;
  start: number;
  /** Last stable offset, while a transaction is open. */
  stable: number | null;
  /** Position in the memory of the client. */
  position: number;
  committed: number | null;
  isDeleted: boolean;
}

export interface Script {
  partitions?: number;
  members: Member[];
  /** Records a second into a partition. */
  rate: (seconds: number, partition: number) => number;
  /** Records arrive in batches of this size, evenly; else at random times. */
  batch?: number;
  seed?: number;
}

/** Brokers and clients as far as lag is concerned. What is true of a group is read off the clients, never off the judge. */
export class World {
  seconds = 0;
  readonly logs: Log[] = [];
  clients: Client[];
  state: 'Stable' | 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Reconciling' = 'Stable';
  isSimple = false;
  /** False: the sampler gets no answer. */
  isMeasured = true;
  /** Courier restarts before its next sample. */
  restarts = false;
  /** What Describe answers, where it differs from the clients. */
  members: number | null | undefined;
  /** By how much the clocks of producers are wrong, in seconds. */
  clockError = 0;
  private readonly arrivals: number[] = [];
  private seed: number;

  constructor(private readonly script: Script) {
    this.seed = script.seed ?? 1;
    for (let count = script.partitions ?? 1; count > 0; count -= 1) this.addPartition();
    this.clients = script.members.map(clientOf);
  }

  /** A number from 0 to 1, the same in each run. */
  random(): number {
    // The generator of Numerical Recipes.
    this.seed = (this.seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return this.seed / 2 ** 32;
  }

  addPartition(): void {
    const log = { times: [], hidden: new Set<number>(), start: 0, stable: null, position: 0, committed: 0 };
    this.logs.push({ ...log, isDeleted: false });
    this.arrivals.push(0);
  }

  log(partition: number): Log {
    const log = this.logs[partition];
    if (!log) throw new RangeError(`there is no partition ${partition}`);
    return log;
  }

  end(partition: number): number {
    return this.log(partition).times.length;
  }

  /** Writes records. @param at when, if not now */
  write(partition: number, count: number, more: { isHidden?: boolean; at?: number } = {}): void {
    const log = this.log(partition);
    for (let left = count; left > 0; left -= 1) {
      if (more.isHidden) log.hidden.add(log.times.length);
      log.times.push(more.at ?? this.seconds);
    }
  }

  /** Sets the position of the group, as a reset does. */
  setPosition(partition: number, offset: number): void {
    Object.assign(this.log(partition), { position: offset, committed: offset });
  }

  pause(...partitions: number[]): void {
    for (const client of this.clients) for (const partition of partitions) client.paused.add(partition);
  }

  resume(): void {
    for (const client of this.clients) client.paused.clear();
  }

  /** All clients commit and leave. @param isClean false: they die without a commit */
  leave(isClean = true): void {
    for (const client of this.clients) if (isClean) this.commit(client);
    this.clients = [];
    this.state = 'Empty';
  }

  /** The clients of the script are there again, at the committed positions. */
  join(): void {
    this.clients = this.script.members.map(clientOf);
    for (const log of this.logs) log.position = log.committed ?? log.start;
    this.state = 'Stable';
  }

  unread(): number {
    return this.logs.reduce((sum, log) => sum + log.times.length - log.position, 0);
  }

  /** Age of the oldest record that the clients have not read, in seconds. */
  delay(): number {
    return Math.max(
      0,
      ...this.logs.map(({ times, position }) => this.seconds - (times[position] ?? this.seconds)),
    );
  }

  step(seconds: number): void {
    this.seconds += seconds;
    this.logs.forEach((log, partition) => {
      if (!log.isDeleted) this.write(partition, this.arriving(partition, seconds));
    });
    for (const client of this.clients) this.read(client, seconds);
  }

  private arriving(partition: number, seconds: number): number {
    const mean = this.script.rate(this.seconds, partition) * seconds;
    const { batch } = this.script;
    if (batch === undefined) return this.poisson(mean);
    const due = (this.arrivals[partition] ?? 0) + mean;
    const batches = Math.floor(due / batch);
    this.arrivals[partition] = due - batches * batch;
    return batches * batch;
  }

  /** Knuth, The Art of Computer Programming, volume 2, 3.4.1. */
  private poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.random(); product > limit; product *= this.random()) count += 1;
    return count;
  }

  private read(client: Client, seconds: number): void {
    const endOf = (partition: number) =>
      client.readsUncommitted ? this.end(partition) : (this.log(partition).stable ?? this.end(partition));
    const open = () =>
      client.partitions.filter(
        (partition) => !client.paused.has(partition) && this.log(partition).position < endOf(partition),
      );
    client.credit = Math.min(client.credit, 1) + client.perSecond * seconds;
    let left = open();
    while (client.credit >= 1 && left.length > 0) {
      const partition = choose(client, left);
      const log = this.log(partition);
      log.position = Math.max(log.position, log.start) + 1;
      client.credit -= 1;
      client.uncommitted += 1;
      if (client.commitBatch !== undefined && client.uncommitted >= client.commitBatch) this.commit(client);
      if (log.position >= endOf(partition)) left = open();
    }
    if (client.commitBatch !== undefined) {
      if (left.length === 0) this.commit(client);
    } else if (client.commitEvery !== null) {
      client.commitsAt ??= this.seconds + client.commitEvery * 0.7;
      if (this.seconds >= client.commitsAt) {
        this.commit(client);
        client.commitsAt += Math.max(client.commitEvery, seconds);
      }
    }
  }

  private commit(client: Client): void {
    client.uncommitted = 0;
    for (const partition of client.partitions) {
      const log = this.log(partition);
      log.committed = log.position;
    }
  }
}

function clientOf(member: Member): Client {
  const state = { credit: 0, next: 0, current: null, served: 0, uncommitted: 0, commitsAt: null };
  return { ...member, ...state, paused: new Set() };
}

/** The partition that a client reads its next record from. */
function choose(client: Client, left: number[]): number {
  if (client.turns === undefined) {
    client.next += 1;
    return left[client.next % left.length] ?? 0;
  }
  if (client.current === null || !left.includes(client.current) || client.served >= client.turns) {
    const current = client.current ?? -1;
    client.current = left.find((partition) => partition > current) ?? left[0] ?? 0;
    client.served = 0;
  }
  client.served += 1;
  return client.current;
}
