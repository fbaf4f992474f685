import { describe, expect, it } from 'vitest';
import { Admission, type AdmissionLimits } from './admission';

const limits: AdmissionLimits = {
  reading: { perToken: 2, inAll: 3 },
  queued: { perToken: 3, inAll: 10 },
  working: { perToken: 2, inAll: 3 },
  waiting: { perToken: 2, inAll: 4 },
  answering: { perToken: 2, inAll: 3 },
};
const never = new AbortController().signal;
const NONE = { reading: 0, queued: 0, working: 0, waiting: 0, answering: 0 };

describe('the admission of the intake', () => {
  it('works on so many of a token at once, lets the others wait, and lets tokens take turns', async () => {
    const admission = new Admission(limits);
    const began: string[] = [];
    const places = [];
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2']) {
      const place = admission.place(name[0] ?? '');
      places.push(place);
      void place.work(never).then(() => began.push(name));
    }
    await expect.poll(() => began).toEqual(['a1', 'a2', 'b1']);
    expect(admission.counts).toMatchObject({ working: 3, queued: 3 });
    expect(admission.fullForMs()).toBeGreaterThan(0);
    places[0]?.leave();
    await expect.poll(() => began.length).toBe(4);
    places[1]?.leave();
    places[4]?.leave();
    await expect.poll(() => began.length).toBe(6);
    expect(began.slice(3).sort()).toEqual(['a3', 'a4', 'b2']);
    for (const place of places) place.leave();
    expect(admission.counts).toEqual(NONE);
    expect(admission.fullForMs()).toBe(0);
  });

  it('refuses beyond what may wait, and whoever is gone leaves the queue', async () => {
    const admission = new Admission(limits);
    const gone = new AbortController();
    const places = Array.from({ length: 5 }, () => admission.place('a'));
    const turns = places.map((place) =>
      place.work(gone.signal).then(
        () => 'turn',
        () => 'none',
      ),
    );
    await expect(admission.place('a').work(never)).rejects.toThrow(
      '3 requests of this token are waiting for their turn',
    );
    gone.abort();
    expect(await Promise.all(turns)).toEqual(['turn', 'turn', 'none', 'none', 'none']);
    for (const place of places) place.leave();
    expect(admission.counts).toEqual(NONE);
  });

  it('counts what waits for records apart, and gives its turn to others meanwhile', async () => {
    const admission = new Admission(limits);
    const [first, second] = [admission.place('a'), admission.place('a')];
    await first.work(never);
    await second.work(never);
    let happen = (_: string): void => undefined;
    const waiting = first.idle(new Promise<string>((resolve) => (happen = resolve)), never);
    expect(admission.counts).toMatchObject({ working: 1, waiting: 1 });
    const third = admission.place('a');
    await third.work(never);
    happen('it');
    await expect.poll(() => admission.counts).toMatchObject({ waiting: 0, queued: 1 });
    third.leave();
    expect(await waiting).toBe('it');
    for (const place of [first, second, third]) place.leave();
    expect(admission.counts).toEqual(NONE);
  });

  it('limits bodies that come', () => {
    const admission = new Admission(limits);
    const places = ['a', 'a', 'b'].map((token) => admission.place(token));
    for (const place of places) place.read();
    expect(() => admission.place('a').read()).toThrow('2 requests of this token are being read');
    expect(() => admission.place('c').read()).toThrow('3 requests are being read');
    for (const place of places) place.leave();
    expect(admission.counts).toEqual(NONE);
  });
});
