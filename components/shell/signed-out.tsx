'use client';

import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { SignInForm } from '@/components/sessions/sign-in-form';
import { SHEET } from '@/components/ui/sheet';
import { useSignedOut } from '@/lib/client/signed-out';

/** Above dialogs: one may be open, with text in it that must not be lost. */
const ABOVE_DIALOGS = 400;

/** Signs in over the page when the session has ended; what was typed stays where it is. */
export function SignedOut({ operator }: { operator: string }) {
  const t = useTranslations('signedOut');
  const client = useQueryClient();
  const [isOut, setIn] = useSignedOut();
  const onDone = (name: string) => {
    // What was shown to one must not be shown to another.
    if (name !== operator) location.reload();
    setIn();
    void client.invalidateQueries();
  };
  return (
    <Modal
      opened={isOut}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      zIndex={ABOVE_DIALOGS}
      size={392}
      classNames={SHEET}
      attributes={{ content: { 'aria-label': t('title') } }}
    >
      <h2>{t('title')}</h2>
      <p className="soft">{t('hint')}</p>
      <SignInForm as={operator} onDone={onDone} />
    </Modal>
  );
}
