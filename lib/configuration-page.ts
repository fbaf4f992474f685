import { z } from 'zod';
import { PROPERTIES_VARIABLE, variableOf } from '@/lib/brokers/clusters/from-environment';
import { CONNECTION_SETTINGS } from '@/lib/kafka-client/settings/kafka-settings';
import { settings } from './config';

/** `docs/configuration.md`, made from the schema of the settings; a test fails when file and schema differ. */
export function configurationPage(): string {
  const schema = z.toJSONSchema(settings, { io: 'input' });
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const {
      description = '',
      default: fallback,
      enum: allowed,
      minimum,
      maximum,
    } = property as {
      description?: string;
      default?: unknown;
      enum?: string[];
      minimum?: number;
      maximum?: number;
    };
    const range = allowed
      ? allowed.map((item) => `\`${item}\``).join(', ')
      : minimum === undefined
        ? ''
        : `${minimum} to ${maximum ?? ''}`;
    const value = typeof fallback === 'string' || typeof fallback === 'number' ? `\`${fallback}\`` : 'unset';
    return `| \`${name}\` | ${description} | ${range} | ${value} |`;
  });
  const connection = Object.entries(CONNECTION_SETTINGS).map(
    ([key, description]) => `| \`${variableOf(key)}\` | \`${key}\` | ${description} |`,
  );
  return `# Configuration

Made from \`lib/config.ts\` by \`npm run docs:configuration\`. Settings are environment variables; a wrong one is refused at
start with its name, its value and what is allowed.

| variable | what it is | allowed | default |
|---|---|---|---|
${rows.join('\n')}

## Connecting to Kafka

How to connect to the Kafka that \`COURIER_BROKERS\` names, by the names of Kafka's own clients: a setting such as
\`security.protocol\` is the variable \`COURIER_KAFKA_SECURITY_PROTOCOL\`. \`\${file:/path}\` and \`\${env:NAME}\` stand for a
value. Several clusters with settings of their own stand in \`courier.yaml\`. \`docs/kafka.md\` has examples.

| variable | setting of Kafka's clients | what it is |
|---|---|---|
| \`${PROPERTIES_VARIABLE}\` |  | path of a \`client.properties\` file, which is accepted as it is; variables outweigh it |
${connection.join('\n')}

Services that use the SDK read \`COURIER_INTAKE_URL\` and \`COURIER_TOKEN\`; see \`lib/sdk/README.md\`.
`;
}
