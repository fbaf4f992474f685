import { nameOfPage } from '@/lib/values/path-segment';
import type { Metadata } from 'next';
import { FailurePage } from '@/components/failures/failure-page';
import { failureOfPath } from '@/lib/contract/paths';

type Props = { params: Promise<{ group: string; type: string; error: string }> };

async function keyOf(params: Props['params']) {
  const { group, type, error } = await params;
  return failureOfPath(nameOfPage(group), nameOfPage(type), nameOfPage(error));
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { group, error } = await keyOf(params);
  return { title: [error, group].filter(Boolean).join(' · ') };
}

export default async function Page({ params }: Props) {
  return <FailurePage failure={await keyOf(params)} />;
}
