/** Does `work` for each item, at most `limit` at a time. Rejects with the first failure, after what runs has ended. */
export async function concurrently<T>(
  limit: number,
  items: Iterable<T>,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const iterator = Iterator.from(items);
  const lane = async () => {
    for (const item of iterator) await work(item);
  };
  const lanes = await Promise.allSettled(Array.from({ length: limit }, lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}
