import { describe, expect, it } from 'vitest';
import { readWords, segmentsOf } from './words';

describe('readWords', () => {
  it('take what stands in double quotes as one word', () => {
    expect(readWords('"two words" x="a b" plain"quote 7')).toEqual([
      { as: 'value', text: 'two words', exact: true },
      { as: 'header', text: 'x=a b', name: 'x', value: 'a b' },
      { as: 'value', text: 'plain"quote' },
      { as: 'value', text: '7' },
    ]);
  });

  it('reads each word for what it can be', () => {
    expect(
      readWords(
        '  x=INV/2026/9 orders/2/1204 01A1FE79-f1db-7261-b0ae-31b7f0f0e700 x-order=47=11 order-1042 ',
      ),
    ).toEqual([
      { as: 'header', text: 'x=INV/2026/9', name: 'x', value: 'INV/2026/9' },
      { as: 'position', text: 'orders/2/1204' },
      { as: 'id', text: '01A1FE79-f1db-7261-b0ae-31b7f0f0e700' },
      { as: 'header', text: 'x-order=47=11', name: 'x-order', value: '47=11' },
      { as: 'value', text: 'order-1042' },
    ]);
    expect(readWords('   ')).toEqual([]);
  });

  it('knows an id as it is shown where room is short, and one that was copied in part', () => {
    expect(readWords('01A1…68fd9bc8 01a1..68fd9bc8 01a1...68FD9BC8 01a1fe79-f1db-72')).toEqual([
      { as: 'idPart', text: '01A1…68fd9bc8', begin: '01a1', end: '68fd9bc8' },
      { as: 'idPart', text: '01a1..68fd9bc8', begin: '01a1', end: '68fd9bc8' },
      { as: 'idPart', text: '01a1...68FD9BC8', begin: '01a1', end: '68fd9bc8' },
      { as: 'idPart', text: '01a1fe79-f1db-72', begin: '01a1fe79-f1db-72', end: '' },
    ]);
    expect(readWords('68fd9bc8 01a1fe79 01a1…xyz 2026-11-26').map((word) => word.as)).toEqual(
      Array<string>(4).fill('value'),
    );
  });

  it('takes what is almost a header or a position for a value', () => {
    expect(readWords('=x x= a/b/c').map((word) => word.as)).toEqual(['value', 'value', 'value']);
  });
});

describe('segmentsOf', () => {
  it('gives whole parts that hold a digit', () => {
    expect(segmentsOf('order-1042')).toEqual(['1042']);
    expect(segmentsOf('eu:tenant_7b:order/11042')).toEqual(['11042']);
    expect(segmentsOf('订单-A1042')).toEqual(['A1042']);
  });

  it('gives none for a key that is one part, for words and for UUIDs', () => {
    expect(segmentsOf('4711')).toEqual([]);
    expect(segmentsOf('order-paid')).toEqual([]);
    expect(segmentsOf('01a1fe79-f1db-7261-b0ae-31b7f0f0e700')).toEqual([]);
  });

  it('does not grow with the key', () => {
    expect(segmentsOf(Array.from({ length: 1000 }, (_, n) => `p${100 + n}`).join('-'))).toHaveLength(8);
  });
});
