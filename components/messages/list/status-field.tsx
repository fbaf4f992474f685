import { Checkbox } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { STATUSES } from '@/lib/domain/messages/status';

/** Several statuses. */
export function StatusField({
  chosen,
  onChange,
}: {
  chosen: string[];
  onChange: (status: string[]) => void;
}) {
  const t = useTranslations('status');
  return STATUSES.map((status) => (
    <Checkbox
      key={status}
      size="xs"
      mb={8}
      checked={chosen.includes(status)}
      onChange={(event) =>
        onChange(event.target.checked ? [...chosen, status] : chosen.filter((item) => item !== status))
      }
      label={
        <>
          {t(status)} <span className="quiet">{status}</span>
        </>
      }
    />
  ));
}
