// For pages, which may not import the protocol; apart, so that pages that need no more than an id's short form load no more.
export { isUuidV7, timeOfUuidV7 } from '../protocol/identity';
