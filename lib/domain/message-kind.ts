export { MESSAGE_KINDS, type MessageKind } from '@/lib/protocol/fact';
