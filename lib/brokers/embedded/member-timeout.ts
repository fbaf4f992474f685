/** A member that was not heard of for this long has left its group. */
export const MEMBER_TIMEOUT_SECONDS = 10;
