/**
 * Since when a group has no members, as SQL: as the judge concluded, so that it is the same time on every page, or else as the
 * members were measured.
 * @param n alias of its row of `group_now`
 */
export const noMembersSince = (n: string) => `CASE WHEN ${n}.judged->>'verdict' = 'no_members'
  THEN to_timestamp((${n}.judged->'since'->>'at')::float8 / 1000) ELSE ${n}.no_members_since END`;
