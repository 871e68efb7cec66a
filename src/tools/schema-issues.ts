/** Turns zod's issues about the configuration file into sentences: what was expected, what was found, the nearest known key. */
import type { z } from 'zod';
import { nearest } from '../analysis/nearest.ts';
import { KNOWN_KEYS } from './server-config-schema.ts';

type Issue = z.core.$ZodIssue;

export type IssueInWords = { readonly at: readonly PropertyKey[]; readonly problem: string };

const ISSUES_SHOWN = 5;

export function wordsOfIssues(issues: readonly Issue[]): readonly IssueInWords[] {
  return issues.flatMap(wordsOf).slice(0, ISSUES_SHOWN);
}

function wordsOf(issue: Issue): readonly IssueInWords[] {
  const at = issue.path;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ at: [...at, key], problem: unknownKey(key, knownKeysAt(at)) }));
    case 'invalid_type':
      return [{ at, problem: `expected ${typeWord(issue.expected)}, found ${found(issue.input)}` }];
    case 'invalid_value':
      return [
        {
          at,
          problem: `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, found ${found(issue.input)}${nearWord(issue)}`,
        },
      ];
    case 'too_small':
      return [
        { at, problem: `expected ${sizeWord(issue.origin, 'at least', issue.minimum)}, found ${found(issue.input)}` },
      ];
    case 'too_big':
      return [
        { at, problem: `expected ${sizeWord(issue.origin, 'at most', issue.maximum)}, found ${found(issue.input)}` },
      ];
    case 'invalid_union':
      return [{ at, problem: `expected text or a list of texts, found ${found(issue.input)}` }];
    default:
      return [{ at, problem: issue.message }];
  }
}

function knownKeysAt(at: readonly PropertyKey[]): readonly string[] {
  if (at.length === 0) return KNOWN_KEYS.file;
  return at.length === 2 ? KNOWN_KEYS.server : KNOWN_KEYS.dpa;
}

function unknownKey(key: string, known: readonly string[]): string {
  const [near] = nearest(key, known);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `this key is not known.${hint} Known here: ${known.join(', ')}.`;
}

function nearWord(issue: Extract<Issue, { code: 'invalid_value' }>): string {
  if (typeof issue.input !== 'string') return '';
  const [near] = nearest(issue.input, issue.values.map(String));
  return near === undefined ? '' : `. Did you mean "${near}"?`;
}

function typeWord(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    array: 'a list',
    object: 'an object',
    record: 'an object',
    int: 'a whole number',
    number: 'a number',
  };
  return words[expected] ?? expected;
}

function sizeWord(origin: string, bound: string, size: number | bigint): string {
  if (origin === 'string') return size === 1 && bound === 'at least' ? 'some text' : `${bound} ${size} characters`;
  return origin === 'array' ? `${bound} ${size} entries` : `a number of ${bound} ${size}`;
}

const FOUND_SHOWN = 60;

function found(input: unknown): string {
  if (input === undefined) return 'nothing';
  const text = JSON.stringify(input);
  if (input === null) return 'null';
  if (Array.isArray(input)) return `a list of ${input.length}`;
  if (typeof input === 'object') return 'an object';
  return text.length <= FOUND_SHOWN ? text : `${text.slice(0, FOUND_SHOWN)}…`;
}
