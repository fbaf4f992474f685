'use client';

import { Button, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import { Link } from '@/components/page/link';
import { PageProblem, Problem } from '@/components/page/problem';
import { Copy } from '@/components/ui/copy';
import { useFormat } from '@/components/ui/use-format';
import { useEndToken, useMakeToken, useTokens } from '@/lib/client/use-settings';
import { groupPath } from '@/lib/contract/paths';
import type { ServiceView, TokenView } from '@/lib/contract/settings';
import classes from './settings.module.css';

/** Services, the tokens by which they report, and what each of them may do. A token is shown once, when it is made. */
export function Tokens() {
  const t = useTranslations('settings.tokens');
  const query = useTokens();
  const { data, error } = query;
  const end = useEndToken();
  if (error && !data) return <PageProblem error={error} onAgain={() => void query.refetch()} />;
  const tokens = data?.tokens ?? [];
  const shared = [...new Set(tokens.filter(isValidShared).map(({ name }) => name))];
  return (
    <section className="panel">
      <div className="panelHead">
        <h2>{t('what')}</h2>
      </div>
      {shared.length > 0 ? <SharedNote names={shared} /> : null}
      <ul className={classes.list}>
        {data?.services.map((service) => (
          <ServiceLine
            key={service.name}
            service={service}
            tokens={shownOf(tokens.filter(({ name }) => name === service.name))}
            onEnd={(id) => end.mutate({ name: service.name, id })}
          />
        ))}
      </ul>
      <MakeToken />
      {end.error ? (
        <p className={classes.problem} role="status">
          <Problem error={end.error} changes />
        </p>
      ) : null}
    </section>
  );
}

function isValidShared(token: TokenView): boolean {
  return token.shared && token.revokedAt === null;
}

/** The valid ones; where there is none, the one that ended last. */
function shownOf(tokens: TokenView[]): TokenView[] {
  const valid = tokens.filter((token) => token.revokedAt === null);
  return valid.length > 0 ? valid : tokens.slice(0, 1);
}

function SharedNote({ names }: { names: string[] }) {
  const t = useTranslations('settings.tokens');
  const format = useFormat();
  return (
    <p className={classes.warning}>{t('sharedNote', { names: format.list(names), count: names.length })}</p>
  );
}

function ServiceLine({
  service,
  tokens,
  onEnd,
}: {
  service: ServiceView;
  tokens: TokenView[];
  onEnd: (id: number) => void;
}) {
  const t = useTranslations('settings.tokens');
  return (
    <li>
      <b>{service.name}</b>
      <div className={classes.rights}>
        <Rights words={t('publish')} patterns={service.publish} byDefault={t('publishDefault')} />
        <Rights words={t('read')} patterns={service.read} byDefault={t('readDefault')} />
        <span>
          {t('groups')}{' '}
          {service.groups.length === 0
            ? t('none')
            : service.groups.map(({ cluster, group }, index) => (
                <span key={`${cluster} ${group}`}>
                  {index > 0 ? ', ' : null}
                  <Link
                    className="inText"
                    href={`${groupPath(group)}?cluster=${encodeURIComponent(cluster)}`}
                  >
                    {group}
                  </Link>
                </span>
              ))}
        </span>
      </div>
      <div className={classes.tokens}>
        {tokens.map((token) => (
          <TokenLine key={token.id} token={token} onEnd={() => onEnd(token.id)} />
        ))}
        {tokens.length === 0 ? <span className="quiet">{t('noToken')}</span> : null}
      </div>
    </li>
  );
}

/** A token with the way to end it, which is asked for twice: the services that use it are refused at once. */
function TokenLine({ token, onEnd }: { token: TokenView; onEnd: () => void }) {
  const t = useTranslations('settings.tokens');
  const format = useFormat();
  const [isAsking, setAsking] = useState(false);
  if (token.revokedAt) return <span>{t('ended', { time: format.time(token.revokedAt) })}</span>;
  const time = format.time(token.createdAt);
  return (
    <span>
      {t(token.shared ? 'madeShared' : 'made', { time })}
      {isAsking ? (
        <span role="group" aria-label={t('endOf', { name: token.name, time })}>
          {t('endMeans')}
          <Button variant="default" size="compact-xs" color="red" onClick={onEnd}>
            {t('endNow')}
          </Button>
          <Button variant="subtle" size="compact-xs" onClick={() => setAsking(false)} autoFocus>
            {t('keep')}
          </Button>
        </span>
      ) : (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => setAsking(true)}
          aria-label={t('endOf', { name: token.name, time })}
        >
          {t('end')}
        </Button>
      )}
    </span>
  );
}

function Rights({
  words,
  patterns,
  byDefault,
}: {
  words: string;
  patterns: string[] | null;
  byDefault: string;
}) {
  return (
    <span>
      {words}{' '}
      {patterns === null
        ? byDefault
        : patterns.map((pattern) => (
            <code key={pattern} className={classes.pattern}>
              {pattern}
            </code>
          ))}
    </span>
  );
}

/** Makes a token; with patterns the service is limited to them, without it keeps what it has. */
function MakeToken() {
  const t = useTranslations('settings.tokens');
  const make = useMakeToken();
  const [typed, setTyped] = useState({ name: '', publish: '', read: '' });
  const type = (field: keyof typeof typed) => (event: { target: { value: string } }) =>
    setTyped({ ...typed, [field]: event.target.value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate(
      {
        name: typed.name.trim(),
        ...(typed.publish.trim() ? { publish: patternsOf(typed.publish) } : {}),
        ...(typed.read.trim() ? { read: patternsOf(typed.read) } : {}),
      },
      { onSuccess: () => setTyped({ name: '', publish: '', read: '' }) },
    );
  };
  return (
    <>
      <form className={classes.form} onSubmit={submit}>
        <TextInput size="xs" label={t('service')} value={typed.name} onChange={type('name')} />
        <TextInput
          size="xs"
          label={t('publishField')}
          placeholder={t('asBefore')}
          value={typed.publish}
          onChange={type('publish')}
        />
        <TextInput
          size="xs"
          label={t('readField')}
          placeholder={t('asBefore')}
          value={typed.read}
          onChange={type('read')}
        />
        <Button type="submit" variant="default" disabled={typed.name.trim() === ''} loading={make.isPending}>
          {t('make')}
        </Button>
      </form>
      <p className={classes.note}>{t('hint')}</p>
      <div role="status">
        {make.data ? (
          <p className={classes.token}>
            {t('once', { name: make.data.name })} <code>{make.data.token}</code>{' '}
            <Copy value={make.data.token} what={t('copy')} />
          </p>
        ) : null}
        {make.error ? (
          <p className={classes.problem}>
            <Problem error={make.error} changes />
          </p>
        ) : null}
      </div>
    </>
  );
}

function patternsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
