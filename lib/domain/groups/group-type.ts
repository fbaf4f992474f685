/**
 * How a group's members agree on who reads what: the classic protocol, the one of KIP-848 (`consumer`), sharing of
 * records (KIP-932) or Kafka Streams' own (KIP-1071).
 */
export const GROUP_TYPES = ['classic', 'consumer', 'share', 'streams'] as const;
export type GroupType = (typeof GROUP_TYPES)[number];
