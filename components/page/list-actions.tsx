'use client';

import { useMutation } from '@tanstack/react-query';
import { rowsAs, saveText, type Cells, type FileFormat } from '@/lib/client/save-rows';
import { CopyLink } from './copy-link';
import { ExportMenu } from './export-menu';
import { Problem } from './problem';
import classes from './list-actions.module.css';

/** What one can take away from a list as it is filtered: its address, and its rows as a file. */
export function ListActions<Row>({
  name,
  rows,
  cells,
}: {
  /** Name of the file, without its ending. */
  name: string;
  rows: () => readonly Row[] | Promise<readonly Row[]>;
  cells: Cells<Row>;
}) {
  const save = useMutation({
    mutationFn: async (format: FileFormat) =>
      saveText(`${name}.${format}`, rowsAs(format, await rows(), cells)),
  });
  return (
    <span className={classes.actions}>
      <CopyLink />
      <ExportMenu onExport={(format) => save.mutate(format)} />
      {save.error ? <Problem error={save.error} /> : null}
    </span>
  );
}
