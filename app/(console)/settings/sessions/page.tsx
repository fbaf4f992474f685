import { Sessions } from '@/components/settings/sessions';

export default function Page() {
  return <Sessions />;
}
