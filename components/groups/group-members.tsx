'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import { useGroup } from '@/lib/client/use-groups';
import classes from './groups.module.css';

/** Who is in a consumer group now, and what each member holds. */
export function GroupMembers({ name }: { name: string }) {
  const t = useTranslations('groups');
  const format = useFormat();
  const { data: group } = useGroup(name);
  if (!group) return null;
  return (
    <section className="panel" aria-label={t('membersWord')}>
      <div className="panelHead">
        <h2>{t('membersWord')}</h2>
        <span className="quiet">
          {group.memberList === null ? t('membersUnknown') : t('members', { count: group.memberList.length })}
        </span>
      </div>
      {group.type === 'classic' ? null : <p className={classes.typeNote}>{t(`typeHint.${group.type}`)}</p>}
      <ul className={classes.members}>
        {(group.memberList ?? []).map((member) => (
          <li key={member.id}>
            <b>{member.clientId}</b> <span className="quiet">{member.host}</span>{' '}
            <code title={member.id}>{member.id.slice(-12)}</code>
            <div className="soft">
              {member.assignment.length > 0
                ? member.assignment
                    .map((item) => `${item.topic}: ${format.list(item.partitions.map(String))}`)
                    .join(' · ')
                : t('holdsNothing')}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
