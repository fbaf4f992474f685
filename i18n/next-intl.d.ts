import type { AllWords } from './words';

declare module 'next-intl' {
  interface AppConfig {
    Locale: 'en' | 'zh-CN';
    Messages: AllWords;
  }
}
