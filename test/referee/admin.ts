import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Positions and ends of a moment, by group and `<topic>/<partition>`. */
export interface Numbers {
  from: number;
  to: number;
  groups: Map<string, Map<string, { position: number; end: number }>>;
}

/** Kafka's own AdminClient, in a process of its own. */
export class JavaAdmin {
  private readonly waiting: ((line: string) => void)[] = [];
  readonly errors: string[] = [];

  private constructor(private readonly child: ChildProcess) {
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    lines.on('line', (line) => {
      if (line.startsWith('error')) this.errors.push(line);
      else this.waiting.shift()?.(line);
    });
  }

  /** @param jars folder of Kafka's jars */
  static async start(address: string, jars: string): Promise<JavaAdmin> {
    const file = path.join(import.meta.dirname, 'Admin.java');
    const child = spawn('java', ['-Xmx128m', '-cp', path.join(jars, '*'), file, address], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const admin = new JavaAdmin(child);
    await admin.answer();
    return admin;
  }

  /** Sets a position without membership. */
  commit(group: string, topic: string, partition: number, offset: number): void {
    this.child.stdin?.write(`commit ${group} ${topic} ${partition} ${offset}\n`);
  }

  /** Deletes records before an offset. */
  deleteBefore(topic: string, partition: number, offset: number): void {
    this.child.stdin?.write(`delete ${topic} ${partition} ${offset}\n`);
  }

  async numbers(groups: readonly string[]): Promise<Numbers> {
    const from = Date.now();
    const answer = this.answer();
    this.child.stdin?.write(`numbers ${groups.join(' ')}\n`);
    const line = await answer;
    const numbers: Numbers = { from, to: Date.now(), groups: new Map() };
    for (const item of line.slice('numbers '.length).split(';').filter(Boolean)) {
      const [group = '', place = '', position, end] = item.split(' ');
      const places = numbers.groups.get(group) ?? new Map<string, { position: number; end: number }>();
      places.set(place, { position: Number(position), end: Number(end) });
      numbers.groups.set(group, places);
    }
    return numbers;
  }

  private answer(): Promise<string> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    await ended;
  }
}
