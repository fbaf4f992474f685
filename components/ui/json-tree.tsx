'use client';

import { useState, type ReactNode } from 'react';
import classes from './json-tree.module.css';

/** Arrays and objects with more entries than this begin folded. */
const MAX_OPEN = 100;

/**
 * A JSON text as a tree that can be folded. It is read with its own small reader, not with JSON.parse, so that numbers
 * keep all their digits, keys their order and repetitions, and `__proto__` is a name like any other.
 */
export function JsonTree({ text }: { text: string }) {
  const node = readJson(text);
  return (
    <div className={classes.tree} tabIndex={0} role="region">
      {node ? <Node node={node} name={null} last depth={0} /> : text}
    </div>
  );
}

type JsonNode =
  | { kind: 'object' | 'array'; entries: { name: string | null; node: JsonNode }[] }
  | { kind: 'string' | 'number' | 'word'; text: string };

function Node({
  node,
  name,
  last,
  depth,
}: {
  node: JsonNode;
  name: string | null;
  last: boolean;
  depth: number;
}) {
  const label = name === null ? null : <span className={classes.name}>{name}: </span>;
  const comma = last ? '' : ',';
  if ('text' in node) {
    return (
      <div className={classes.line}>
        {label}
        <span className={classes[node.kind]}>{node.text}</span>
        {comma}
      </div>
    );
  }
  return <Branch node={node} label={label} comma={comma} depth={depth} />;
}

function Branch({
  node,
  label,
  comma,
  depth,
}: {
  node: Extract<JsonNode, { entries: unknown }>;
  label: ReactNode;
  comma: string;
  depth: number;
}) {
  const [open, setOpen] = useState(depth < 4 && node.entries.length <= MAX_OPEN);
  const [begin, end] = node.kind === 'object' ? ['{', '}'] : ['[', ']'];
  if (node.entries.length === 0) {
    return (
      <div className={classes.line}>
        {label}
        {begin}
        {end}
        {comma}
      </div>
    );
  }
  return (
    <div>
      <button type="button" className={classes.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span aria-hidden>{open ? '▾' : '▸'}</span> {label}
        {begin}
        {open ? '' : ` … ${node.entries.length} ${end}${comma}`}
      </button>
      {open ? (
        <>
          <div className={classes.inner}>
            {node.entries.map((entry, at) => (
              <Node
                key={at}
                node={entry.node}
                name={entry.name}
                last={at === node.entries.length - 1}
                depth={depth + 1}
              />
            ))}
          </div>
          <div className={classes.line}>
            {end}
            {comma}
          </div>
        </>
      ) : null}
    </div>
  );
}

const TOKEN = /\s*([{}[\]:,]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/y;
const MAX_DEPTH = 200;

function readJson(text: string): JsonNode | null {
  TOKEN.lastIndex = 0;
  const next = (): string | null => TOKEN.exec(text)?.[1] ?? null;
  const read = (token: string | null, depth: number): JsonNode | null => {
    if (token === null || depth > MAX_DEPTH) return null;
    if (token !== '{' && token !== '[') {
      return {
        kind: token.startsWith('"') ? 'string' : /^[-\d]/.test(token) ? 'number' : 'word',
        text: token,
      };
    }
    const isObject = token === '{';
    const entries: { name: string | null; node: JsonNode }[] = [];
    for (let item = next(); item !== (isObject ? '}' : ']'); item = next()) {
      if (item === ',') continue;
      if (item === null) return null;
      if (isObject) next();
      const node = read(isObject ? next() : item, depth + 1);
      if (!node) return null;
      entries.push({ name: isObject ? item : null, node });
    }
    return { kind: isObject ? 'object' : 'array', entries };
  };
  return read(next(), 0);
}
