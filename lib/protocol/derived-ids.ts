import { hash } from 'node:crypto';
import type { Position } from './fact';
import { timeOfUuidV7, uuidV7From } from './uuid';

/**
 * Ids that are computed from what they identify, so that two readers of one record, or two workers that reach the same
 * conclusion, write one row. The hashed texts must never change: stored ids were made from them.
 */

/** What a message without a known id is named by. */
export interface SenderName {
  position?: Position | undefined;
  message?: { topic: string; producerId?: string | undefined } | undefined;
}

/**
 * The id of a message whose record carries none of Courier's.
 * @param incarnation of the topic; null where the broker does not report one
 * @param recordTime milliseconds since 1970
 */
export function idOfRecord(
  cluster: string,
  incarnation: string | null,
  { topic, partition, offset }: Position,
  recordTime: number,
): string {
  return derive(recordTime, [cluster, incarnation ?? topic, String(partition), offset].join('\n'));
}

/** The id of a message known by its position or its sender's id alone. @param at milliseconds since 1970 */
export function idOfStranger(cluster: string, { position, message }: SenderName, at: number): string {
  if (position) return idOfRecord(cluster, null, position, at);
  return derive(at, [cluster, message?.topic ?? '', 'producer', message?.producerId ?? ''].join('\n'));
}

/**
 * The id under which a cluster stores a message that another cluster had first: mirrored topics copy records with their
 * headers, and each copy has deliveries of its own.
 */
export function idOnCluster(cluster: string, id: string): string {
  return derive(timeOfUuidV7(id), `mirrored\n${cluster}\n${id}`);
}

/**
 * The id of a message on a topic whose id is that of a message on another topic: every reader of a record can write its id
 * onto one of his own.
 */
export function idOnTopic(cluster: string, id: string, topic: string): string {
  return derive(timeOfUuidV7(id), `of a topic\n${cluster}\n${id}\n${topic}`);
}

/** The id that replaces one from a clock that is far ahead. @param now milliseconds since 1970 */
export function idInsteadOf(cluster: string, id: string, now: number): string {
  return derive(now, `${cluster}\n${id}`);
}

/** The id of the fact that a topic holds a record. @param recordTime milliseconds since 1970 */
export function indexedFactId(
  cluster: string,
  incarnation: string | null,
  { topic, partition, offset }: Position,
  recordTime: number,
): string {
  const name = ['indexed', cluster, incarnation ?? '', topic, String(partition), offset].join('\n');
  return derive(recordTime, name);
}

/** The id of the fact that the index read a message at a place, where that was a part of the message before. @param at milliseconds since 1970 */
export function readAtFactId(messageId: string, place: Position, at: number): string {
  return derive(at, ['read', messageId, place.topic, String(place.partition), place.offset].join('\n'));
}

/** The id of the fact that a dead-letter topic holds a record. @param recordTime milliseconds since 1970 */
export function deadLetteredFactId({ topic, partition, offset }: Position, recordTime: number): string {
  return derive(recordTime, `dead letter ${topic} ${partition} ${offset}`);
}

/**
 * The id of the failure that a dead letter reports, where its framework gives it none.
 * @param recordTime milliseconds since 1970
 */
export function failedFactId({ topic, partition, offset }: Position, recordTime: number): string {
  return derive(recordTime, `dead letter failure ${topic} ${partition} ${offset}`);
}

/**
 * The id of the fact that a group is expected to handle a message. It is a UUIDv8, which no source may report: anybody can
 * compute it, and a fact whose id is taken is not written.
 */
export function expectedFactId(messageId: string, group: string): string {
  return own(derive(timeOfUuidV7(messageId), `expected ${messageId} ${group}`));
}

/** The id of the fact that a group has not handled a message in time; a UUIDv8 for the same reason. */
export function overdueFactId(messageId: string, group: string): string {
  return own(derive(timeOfUuidV7(messageId), `overdue ${messageId} ${group}`));
}

const VERSION_AT = 14;

function own(id: string): string {
  return `${id.slice(0, VERSION_AT)}8${id.slice(VERSION_AT + 1)}`;
}

/** Whether an id is of the form that only Courier gives to facts. */
export function isOwnFactId(id: string): boolean {
  return id[VERSION_AT] === '8';
}

function derive(milliseconds: number, name: string): string {
  return uuidV7From(milliseconds, hash('sha256', name, 'buffer'));
}
