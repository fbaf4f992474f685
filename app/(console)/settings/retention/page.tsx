import { Retention } from '@/components/settings/retention';

export default function Page() {
  return <Retention />;
}
