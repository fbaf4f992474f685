/** The filter of a list of messages as its address says it: names as they are, statuses as one comma-separated word. */
export function listQuery(url: URL): Record<string, unknown> {
  const { status, limit, ...rest } = Object.fromEntries(url.searchParams);
  return {
    ...rest,
    ...(status ? { status: status.split(',') } : {}),
    ...(limit ? { limit: Number(limit) } : {}),
  };
}
