'use client';

import { NativeSelect } from '@mantine/core';

/** Of which of a group's topics the partitions are drawn. */
export function TopicChoice({
  label,
  topics,
  value,
  onChange,
}: {
  label: string;
  topics: string[];
  value: string;
  onChange: (topic: string) => void;
}) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      data={topics}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
