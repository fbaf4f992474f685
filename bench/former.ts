import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { checkOut } from '../lib/testing/check-out';
import type { Row } from './bench';

/** The last commit with the tables of release 0.1. */
const FORMER = 'e228789';

/** Courier as it was with the tables of release 0.1, in a folder beside, to measure both in one run. */
export class Former {
  private constructor(private readonly folder: string) {}

  /** Takes the former code out of the history; its libraries are those of today. @throws where this is no whole clone */
  static open(): Former {
    return new Former(checkOut(FORMER));
  }

  /** Runs one of its benches. */
  run(name: string): Row[] {
    const program = `import { bench } from './bench/${name}'; console.log('\\n' + JSON.stringify(await bench())); process.exit(0);`;
    fs.writeFileSync(path.join(this.folder, 'run.mts'), program);
    const output = execFileSync('npx', ['tsx', 'run.mts'], { cwd: this.folder, encoding: 'utf8' });
    return JSON.parse(output.trim().split('\n').at(-1) ?? '[]') as Row[];
  }

  close(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
