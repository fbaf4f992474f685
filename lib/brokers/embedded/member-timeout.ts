/** A member without a request for this long has left its group. */
export const MEMBER_TIMEOUT_SECONDS = 10;
