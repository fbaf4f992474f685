import { Tokens } from '@/components/settings/tokens';

export default function Page() {
  return <Tokens />;
}
