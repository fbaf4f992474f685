'use client';

import { useTranslations } from 'next-intl';
import type { BytesView, HeaderView } from '@/lib/contract/messages';

/** A header's value, or a key: as it reads, with what its bytes are where they are no text. */
export function HeaderText({ header }: { header: HeaderView | BytesView }) {
  const t = useTranslations('headers.as');
  if (header.hex === null) return <span className="quiet">null</span>;
  return (
    <code>
      {header.text ?? `0x${header.hex}`}
      {header.as === 'text' || header.as === 'hex' ? null : <span className="quiet"> {t(header.as)}</span>}
    </code>
  );
}
