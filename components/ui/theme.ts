import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';
import { TOKENS } from './tokens';

const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f5f6f8',
  '#eef0f4',
  '#dfe3e9',
  '#c8ced8',
  '#a7afbd',
  '#868f9e',
  '#5f6978',
  '#434c5a',
  '#12161d',
];
const dark: MantineColorsTuple = [
  '#e7ebf1',
  '#b0b9c7',
  '#8d97a7',
  '#687385',
  '#262d38',
  '#1a1f29',
  '#161b23',
  '#12161d',
  '#0b0e13',
  '#07090d',
];
const accent: MantineColorsTuple = [
  '#f0f1fe',
  '#dfe2fd',
  '#bfc5fb',
  '#98a2ff',
  '#7d87f0',
  '#6670e2',
  '#4f59d4',
  '#3b45c4',
  '#2f38a6',
  '#242b82',
];

const SANS =
  "'Inter Variable', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', system-ui, sans-serif";
const MONO = "'JetBrains Mono Variable', ui-monospace, monospace, 'Noto Sans CJK SC'";

export const theme = createTheme({
  colors: { gray, dark, accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 3 },
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 5,
  cursorType: 'pointer',
  respectReducedMotion: true,
  // A filled button's text is chosen for each scheme, since white on the dark scheme's accent is too faint.
  variantColorResolver(input) {
    const colors = defaultVariantColorsResolver(input);
    if (input.variant === 'filled' && (input.color ?? 'accent') === 'accent') {
      return {
        ...colors,
        color: 'var(--c-on-accent)',
        background: 'var(--c-accent)',
        hover: 'var(--c-accent-hover)',
      };
    }
    // A hairline: the label identifies a button, and a row of dark boxes would dominate the page.
    if (input.variant === 'default') return { ...colors, border: '1px solid var(--c-border)' };
    return colors;
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    // A <header> inside a dialog would be a second banner of the page.
    Modal: {
      defaultProps: { attributes: { header: { role: 'presentation' } }, transitionProps: { duration: 100 } },
    },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 200 } },
  },
});

/** Puts the tokens where Mantine's own variables are, so that every component takes its colours from them. */
export const cssVariables: CSSVariablesResolver = () => {
  const of = (scheme: 'light' | 'dark') => {
    const t = TOKENS[scheme];
    const own = Object.fromEntries(Object.entries(t).map(([name, value]) => [`--c-${name}`, value]));
    return {
      ...own,
      '--mantine-color-body': t.surface,
      '--mantine-color-text': t.text,
      '--mantine-color-dimmed': t.text3,
      '--mantine-color-placeholder': t.text3,
      '--mantine-color-anchor': t.accent,
      '--mantine-color-error': t['handle-fail-text'],
      '--mantine-color-default': t.surface,
      '--mantine-color-default-hover': t.hover,
      '--mantine-color-default-border': t['border-strong'],
      '--mantine-color-default-color': t.text,
      '--mantine-color-disabled-color': t.text3,
    };
  };
  return { variables: {}, light: of('light'), dark: of('dark') };
};
