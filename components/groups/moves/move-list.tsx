'use client';

import { Button } from '@mantine/core';
import { IconArrowsMoveHorizontal, IconPlayerSkipForward } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { Problem } from '@/components/page/problem';
import { useFormat } from '@/components/ui/use-format';
import { useUndoMove } from '@/lib/client/use-moves';
import type { GroupView, MoveView } from '@/lib/contract/groups';
import classes from '../groups.module.css';
import { SkipSentence } from './skip-sentence';

/** The last moves of a group's positions, what became of each, and the way back while there is one. */
export function Moves({ group }: { group: GroupView }) {
  const t = useTranslations('groups.move');
  const undo = useUndoMove(group.name);
  if (group.moves.length + group.skips.length === 0) return null;
  return (
    <div className={classes.moves}>
      <ul aria-label={t('list')}>
        {group.skips.map((skip) => (
          <li key={skip.id}>
            <IconPlayerSkipForward size={16} aria-hidden />
            <SkipSentence skip={skip} />
          </li>
        ))}
        {group.moves.map((move) => (
          <li key={move.id}>
            <IconArrowsMoveHorizontal size={16} aria-hidden />
            <MoveSentence move={move} />
            {move.canUndo ? (
              <Button
                variant="default"
                size="compact-xs"
                loading={undo.isPending && undo.variables === move.id}
                onClick={() => undo.mutate(move.id)}
              >
                {t('undo')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {undo.error ? <Problem error={undo.error} changes /> : null}
    </div>
  );
}

function MoveSentence({ move }: { move: MoveView }) {
  const t = useTranslations('groups.move');
  const format = useFormat();
  const { to } = move;
  const where =
    to.kind === 'time'
      ? t('where.time', { time: format.time(to.at) })
      : to.kind === 'offset'
        ? t('where.offset', { offset: to.offset })
        : to.kind === 'lag'
          ? t('where.lag', { lag: to.lag })
          : t(`where.${to.kind}`);
  return (
    <span>
      {t('sentence', {
        by: move.by,
        time: format.time(move.at),
        topics: format.list(move.topics),
        partitions: move.partitions,
        where,
      })}{' '}
      {move.reason ? <span className="quiet">{t('reason', { reason: move.reason })} </span> : null}
      <b data-state={move.state}>
        {t(`state.${move.state}`, { repeated: move.repeated, skipped: move.skipped })}
        {move.isUndone ? ` ${t('undone')}` : null}
        {move.problem ? ` ${t(`problem.${move.problem}`)}` : null}
      </b>
      {move.detail ? <span className="quiet"> {move.detail}</span> : null}
    </span>
  );
}
