import { parseArgs } from 'node:util';
import { adapterOf } from '@/lib/brokers/registry';
import { readSettings } from '@/lib/config';
import type { ConnectionFindings } from '@/lib/brokers/broker';
import { CourierError, sentenceOf } from '@/lib/errors';

const USAGE = 'courier check [<cluster>]';
const SIGNS = { ok: 'ok', warning: '! ', failed: 'NO', untried: '- ' } as const;

/** Tests the connection to each cluster of the settings, or to one, and prints each step. Needs no store. */
export async function check(args: string[]): Promise<void> {
  const name = nameOf(args);
  const settings = readSettings();
  const clusters = settings.clusters.filter((cluster) => name === undefined || cluster.name === name);
  if (clusters.length === 0)
    throw new CourierError(
      'not_found',
      `There is no cluster ${JSON.stringify(name)} here; there is ${settings.clusters.map((cluster) => cluster.name).join(', ')}.`,
    );
  for (const cluster of clusters) {
    console.log(`${cluster.name} (${cluster.addresses.join(', ') || cluster.scheme})`);
    const findings = await adapterOf(cluster.scheme).check?.({
      ...cluster,
      cluster: cluster.name,
      requestTimeoutMs: settings.COURIER_REQUEST_TIMEOUT_SECONDS * 1_000,
    });
    if (findings) print(findings);
    else console.log('  no connection to test: its records are in the tracking store');
    if (findings?.lines.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
  }
}

function print({ lines, rights }: ConnectionFindings): void {
  for (const { outcome, step, text } of lines) console.log(`  ${SIGNS[outcome]} ${step.padEnd(8)} ${text}`);
  for (const { right, granted, missingOn, grant } of rights ?? []) {
    const sign = granted === null ? '? ' : SIGNS[granted ? 'ok' : 'warning'];
    const where = missingOn.length > 0 ? ` on ${missingOn.slice(0, 5).join(', ')}` : '';
    const how =
      granted === false ? `${where}: kafka-acls --add --allow-principal User:<courier> ${grant}` : '';
    console.log(`  ${sign}   ${right}${how}`);
  }
}

function nameOf(args: string[]): string | undefined {
  try {
    const { positionals } = parseArgs({ args, allowPositionals: true });
    if (positionals.length <= 1) return positionals[0];
  } catch (error) {
    throw new CourierError('invalid_input', `${sentenceOf(error)}\n${USAGE}`);
  }
  throw new CourierError('invalid_input', `Name one cluster, or none for all: ${USAGE}.`);
}
