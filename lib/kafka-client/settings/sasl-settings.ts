import { parseJaas, type JaasLine } from './jaas';
import type { SettingsInput } from './kafka-settings';

/** Who signs in, and how. */
export type SaslSettings = PasswordSignIn | TokenSignIn | AwsSignIn;

export interface PasswordSignIn {
  mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  username: string;
  password: string;
}

/** OAuth 2 client credentials (RFC 6749 section 4.4). */
export interface TokenSignIn {
  mechanism: 'OAUTHBEARER';
  tokenEndpoint: string;
  clientId: string;
  clientSecret: string;
  scope: string | null;
  /** SASL extensions such as Confluent Cloud's `logicalCluster` (RFC 7628 section 3.1). */
  extensions: Record<string, string>;
  /** PEM file of the authority that the token endpoint's certificate is of, beside those of the system. */
  caFile: string | null;
}

/** Amazon MSK with IAM: AWS's own chain of credentials, so no secret is among the settings. */
export interface AwsSignIn {
  mechanism: 'AWS_MSK_IAM';
  /** null: as in the brokers' names. */
  region: string | null;
  profile: string | null;
}

/** Settings of signing in, each with what it is. `aws.*` are Courier's own names. */
export const SASL_KEYS: Readonly<Record<string, string>> = {
  'sasl.mechanism': 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or AWS_MSK_IAM',
  'sasl.jaas.config': "Java's line with the login module, the user and the password",
  'sasl.username': 'user of PLAIN and SCRAM, where there is no JAAS line',
  'sasl.password': 'password of PLAIN and SCRAM, where there is no JAAS line',
  'sasl.oauthbearer.token.endpoint.url': 'address that gives out tokens by client id and secret',
  'sasl.oauthbearer.client.credentials.client.id': 'client id for OAUTHBEARER',
  'sasl.oauthbearer.client.credentials.client.secret': 'client secret for OAUTHBEARER',
  'sasl.oauthbearer.scope': 'scope that the token is asked for',
  'aws.region': "region of Amazon MSK; unset: as the brokers' names say",
  'aws.profile': "profile of AWS's credentials; unset: the default chain",
};

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS_MSK_IAM'];
const MODULES: Record<string, string> = {
  PLAIN: 'PlainLoginModule',
  'SCRAM-SHA-256': 'ScramLoginModule',
  'SCRAM-SHA-512': 'ScramLoginModule',
  OAUTHBEARER: 'OAuthBearerLoginModule',
  AWS_MSK_IAM: 'IAMLoginModule',
};

/** Reads who signs in; null after a problem was reported. */
export function readSasl(input: SettingsInput): SaslSettings | null {
  const mechanism = (input.get('sasl.mechanism') ?? 'GSSAPI').toUpperCase();
  if (mechanism === 'GSSAPI') {
    input.problem(
      `sasl.mechanism is ${input.get('sasl.mechanism') === null ? 'absent, which means GSSAPI' : 'GSSAPI'} (Kerberos), which Node.js cannot speak; use a listener with ${MECHANISMS.slice(0, 4).join(', ')}, or SSL with a client certificate.`,
    );
    return null;
  }
  if (!MECHANISMS.includes(mechanism)) {
    input.problem(`sasl.mechanism is ${JSON.stringify(mechanism)}; allowed is ${MECHANISMS.join(', ')}.`);
    return null;
  }
  const jaas = readJaas(input, mechanism);
  if (!jaas) return null;
  if (mechanism === 'OAUTHBEARER') return readToken(input, jaas);
  if (mechanism === 'AWS_MSK_IAM') return readAws(input, jaas);
  return readPassword(input, mechanism as PasswordSignIn['mechanism'], jaas);
}

function readJaas(input: SettingsInput, mechanism: string): Record<string, string> | null {
  const text = input.get('sasl.jaas.config');
  if (text === null) return {};
  let line: JaasLine;
  try {
    line = parseJaas(text);
  } catch (error) {
    input.problem(
      `sasl.jaas.config is malformed: ${error instanceof Error ? error.message : String(error)}.`,
    );
    return null;
  }
  if (line.module !== MODULES[mechanism]) {
    input.problem(
      `sasl.jaas.config names ${line.module}, but sasl.mechanism ${mechanism} needs ${MODULES[mechanism]}; change one of them.`,
    );
    return null;
  }
  return line.options;
}

function readPassword(
  input: SettingsInput,
  mechanism: PasswordSignIn['mechanism'],
  jaas: Record<string, string>,
): PasswordSignIn | null {
  if (jaas.tokenauth === 'true') {
    input.problem(
      'sasl.jaas.config asks for a delegation token (tokenauth), which is not supported; use a password.',
    );
    return null;
  }
  const username = jaas.username ?? input.get('sasl.username');
  const password = jaas.password ?? input.get('sasl.password');
  if (username === null || password === null) {
    input.problem(
      `sasl.mechanism ${mechanism} needs a user and a password: sasl.jaas.config with username="..." and password="...", or sasl.username and sasl.password.`,
    );
    return null;
  }
  return { mechanism, username, password };
}

function readToken(input: SettingsInput, jaas: Record<string, string>): TokenSignIn | null {
  const tokenEndpoint = input.get('sasl.oauthbearer.token.endpoint.url');
  const clientId = input.get('sasl.oauthbearer.client.credentials.client.id') ?? jaas.clientId ?? null;
  const clientSecret =
    input.get('sasl.oauthbearer.client.credentials.client.secret') ?? jaas.clientSecret ?? null;
  if (tokenEndpoint === null || !URL.canParse(tokenEndpoint) || !/^https?:/.test(tokenEndpoint)) {
    input.problem(
      'sasl.oauthbearer.token.endpoint.url has to be the http:// or https:// address that gives out tokens.',
    );
    return null;
  }
  if (new URL(tokenEndpoint).username !== '' || new URL(tokenEndpoint).password !== '') {
    input.problem(
      'sasl.oauthbearer.token.endpoint.url must not hold a user or a password; they are clientId and clientSecret.',
    );
    return null;
  }
  if (clientId === null || clientSecret === null) {
    input.problem(
      'sasl.mechanism OAUTHBEARER needs sasl.oauthbearer.client.credentials.client.id and .client.secret, or clientId and clientSecret in sasl.jaas.config.',
    );
    return null;
  }
  const extensions = Object.entries(jaas)
    .filter(([name]) => name.startsWith('extension_'))
    .map(([name, value]) => [name.slice('extension_'.length), value] as const);
  return {
    mechanism: 'OAUTHBEARER',
    tokenEndpoint,
    clientId,
    clientSecret,
    scope: input.get('sasl.oauthbearer.scope') ?? jaas.scope ?? null,
    extensions: Object.fromEntries(extensions),
    caFile:
      jaas['ssl.truststore.location'] ?? input.get('ssl.truststore.location') ?? input.get('ssl.ca.location'),
  };
}

function readAws(input: SettingsInput, jaas: Record<string, string>): AwsSignIn | null {
  if (jaas.awsRoleArn !== undefined) {
    input.problem(
      'sasl.jaas.config names awsRoleArn; write the role as role_arn into a profile of AWS, and name it as awsProfileName.',
    );
    return null;
  }
  return {
    mechanism: 'AWS_MSK_IAM',
    region: input.get('aws.region') ?? jaas.awsStsRegion ?? null,
    profile: input.get('aws.profile') ?? jaas.awsProfileName ?? null,
  };
}
