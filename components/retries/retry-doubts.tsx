'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Problem } from '@/components/page/problem';
import { Banner } from '@/components/ui/banner';
import { useFormat } from '@/components/ui/use-format';
import { useCloseUnanswered, useDecideHeld } from '@/lib/client/use-retries';
import type { RetryView } from '@/lib/contract/retries';

/** Uncertain items of a retry, what Courier does about them, and what only a person can decide. */
export function RetryDoubts({ retry }: { retry: RetryView }) {
  const t = useTranslations('retryPage.doubt');
  const format = useFormat();
  const decide = useDecideHeld(retry.id);
  const close = useCloseUnanswered(retry.id);
  const { UNCERTAIN: uncertain = 0, HELD: held = 0 } = retry.states;
  const groups = format.list(retry.groups);
  return (
    <>
      {uncertain > 0 && retry.doubt ? (
        <Banner>
          <b>{t('uncertain', { count: uncertain })}</b>{' '}
          {t('looksFor', {
            topic: retry.doubt.topic,
            offset: format.number(Number(retry.doubt.from)),
            time: format.time(retry.doubt.at),
          })}
        </Banner>
      ) : null}
      {held > 0 ? (
        <Banner>
          <b>{t('held', { count: held })}</b>{' '}
          {t('willNotGuess', { topics: format.list(retry.targets), groups })}{' '}
          <Button variant="default" loading={decide.isPending} onClick={() => decide.mutate('send_again')}>
            {t('sendAgain')}
          </Button>{' '}
          <Button variant="default" loading={decide.isPending} onClick={() => decide.mutate('close_as_sent')}>
            {t('closeAsSent')}
          </Button>
          {decide.error ? <Problem error={decide.error} changes /> : null}
        </Banner>
      ) : null}
      {retry.unanswered > 0 ? (
        <Banner>
          <b>{t('unanswered', { count: retry.unanswered })}</b> {t('mayRetry', { groups })}{' '}
          <Button variant="default" loading={close.isPending} onClick={() => close.mutate()}>
            {t('close')}
          </Button>
          {close.error ? <Problem error={close.error} changes /> : null}
        </Banner>
      ) : null}
    </>
  );
}
