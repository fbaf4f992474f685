/**
 * What a test of a connection finds where nothing is wrong, in English. The console has the same sentences in its languages
 * (`messages/<language>/connection.json`, section `found`); a test compares the English ones.
 */
export const FOUND = {
  port: '{address} answers.',
  tlsNone: 'Without TLS: names, passwords and records cross the network as they are.',
  tls: '{protocol}; the certificate is for {names}, issued by {issuer}, valid to {until}.',
  tlsSoon: '{protocol}; the certificate for {names}, issued by {issuer}, expires in {days} days, on {until}.',
  tlsAnyName: 'A certificate of any name is accepted (ssl.endpoint.identification.algorithm is empty).',
  version: 'Kafka {release}.',
  signIn: 'Signed in as {user} by {mechanism}.',
  signInFor: 'Signed in as {user} by {mechanism}, for {seconds} s at a time.',
  signInNone: 'Without a name.',
  brokers: 'Brokers that answer ({count}): {brokers}.',
  rightsAll: 'All of the {count} rights that Courier uses, as far as they can be tried.',
  rightsMissing: '{missing} of {count} rights are missing.',
  other: '{reason}',
  untried: 'Not tried.',
} as const;

export type FoundCode = keyof typeof FOUND;

/** The sentence of a finding, in English. */
export function foundSentence(code: FoundCode, values: Record<string, string>): string {
  return FOUND[code].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}
