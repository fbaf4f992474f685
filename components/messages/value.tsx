'use client';

import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import { Copy } from '@/components/ui/copy';
import { JsonTree } from '@/components/ui/json-tree';
import { useFormat } from '@/components/ui/use-format';
import type { ValueView } from '@/lib/contract/messages';
import { Segments } from '@/components/ui/segments';
import classes from './value.module.css';

type View = 'tree' | 'raw' | 'hex';

/** A record's value as a tree, raw or in hexadecimal. @param action beside the choice of these, such as a download */
export function Value({ value, action }: { value: ValueView; action?: ReactNode }) {
  const t = useTranslations('payload');
  const format = useFormat();
  const [chosen, setChosen] = useState<View | null>(null);
  if (value.state === 'null' || value.state === 'empty')
    return <p className={classes.empty}>{t(`nothing.${value.state}`)}</p>;
  const views: View[] =
    value.state === 'json' && !value.cut
      ? ['tree', 'raw', 'hex']
      : value.text === null
        ? ['hex']
        : ['raw', 'hex'];
  const view = chosen && views.includes(chosen) ? chosen : (views[0] ?? 'hex');
  return (
    <>
      <div className={classes.head}>
        <Segments
          label={t('viewLabel')}
          value={view}
          onChange={setChosen}
          options={views.map((item) => ({ value: item, words: t(`view.${item}`) }))}
        />
        {value.text === null ? null : <Copy value={value.text} what={t('copy')} />}
        {action}
      </div>
      {view === 'tree' && value.text !== null ? <JsonTree text={value.text} /> : null}
      {view === 'raw' ? (
        <pre className={classes.raw} tabIndex={0}>
          {value.text}
        </pre>
      ) : null}
      {view === 'hex' ? (
        <pre className={classes.raw} tabIndex={0}>
          {hexDump(value.hex)}
        </pre>
      ) : null}
      {value.state === 'java' ? <p className={classes.empty}>{t('java')}</p> : null}
      {value.cut ? <p className={classes.empty}>{t('cut', { size: format.bytes(value.size) })}</p> : null}
    </>
  );
}

function hexDump(hex: string): string {
  const lines: string[] = [];
  for (let at = 0; at < hex.length; at += 32) {
    const bytes = hex.slice(at, at + 32).match(/../g) ?? [];
    const text = bytes
      .map((byte) => (byte >= '20' && byte < '7f' ? String.fromCharCode(parseInt(byte, 16)) : '.'))
      .join('');
    lines.push(`${(at / 2).toString(16).padStart(6, '0')}  ${bytes.join(' ').padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}
