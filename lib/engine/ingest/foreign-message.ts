import { isOfSender, topicOfFact } from '@/lib/domain/messages/reporters';
import type { ReportedFact } from '@/lib/protocol/fact';
import type { MessageOrigin } from '@/lib/store/messages/read-origins';

/**
 * Why a sender's fact is not a service's to report: another service sent the message. A fact of another topic is of another
 * message, which is stored under an id of its own.
 * @param origin what is stored of the message; undefined where nothing is
 */
export function foreignMessage(
  service: string,
  fact: ReportedFact,
  origin: MessageOrigin | undefined,
): string | null {
  if (!isOfSender(fact) || !origin?.sent) return null;
  if (origin.service === null || origin.service === service) return null;
  const topic = topicOfFact(fact);
  if (topic !== undefined && origin.topic !== null && topic !== origin.topic) return null;
  return `The message ${fact.messageId ?? ''} was sent by the service ${JSON.stringify(origin.service)}, and the token is of ${JSON.stringify(service)}: only its sender can say whether it was committed.`;
}
