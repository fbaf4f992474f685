import type { KafkaAddress } from '../settings/address';
import { addressText } from '../settings/address';
import type { SaslSettings } from '../settings/sasl-settings';
import type { AuthenticateAnswer, Exchange } from './exchange';
import { AwsTokens } from './aws';
import { signInByPassword } from './password';
import { signInByToken } from './token';
import { requestToken } from './token-endpoint';
import { TokenSource } from './token-source';

/** Signs in over connections of one cluster; tokens are shared by all of them. */
export class SignIn {
  /** The name of the mechanism in Kafka's handshake. */
  readonly mechanism: string;
  private readonly token: ((address: KafkaAddress) => Promise<string>) | null;

  constructor(
    readonly settings: SaslSettings,
    timeoutMs: number,
  ) {
    if (settings.mechanism === 'OAUTHBEARER') {
      const source = new TokenSource(() => requestToken(settings, timeoutMs));
      this.mechanism = 'OAUTHBEARER';
      this.token = () => source.get();
    } else if (settings.mechanism === 'AWS_MSK_IAM') {
      const aws = new AwsTokens(settings);
      // MSK takes its signed requests as tokens of this mechanism (AWS, aws-msk-iam-sasl-signer).
      this.mechanism = 'OAUTHBEARER';
      this.token = (address) => aws.tokenFor(address);
    } else {
      this.mechanism = settings.mechanism;
      this.token = null;
    }
  }

  /** Who signs in, for a person; never a secret. */
  get user(): string | null {
    if ('username' in this.settings) return this.settings.username;
    return 'clientId' in this.settings ? this.settings.clientId : null;
  }

  /** @throws KafkaConnectError */
  async run(address: KafkaAddress, exchange: Exchange): Promise<AuthenticateAnswer> {
    const { settings } = this;
    if ('username' in settings) return signInByPassword(settings, addressText(address), exchange);
    const token = (await this.token?.(address)) ?? '';
    const extensions = 'extensions' in settings ? settings.extensions : {};
    return signInByToken(token, extensions, addressText(address), exchange);
  }

  /** A token to sign in with, for clients that run the mechanism themselves. */
  async tokenFor(address: KafkaAddress): Promise<string> {
    return (await this.token?.(address)) ?? '';
  }
}
