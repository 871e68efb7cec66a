/** Writes a contract document as YAML that people like to read and change. */
import { stringify } from 'yaml';

const LINE_CHARACTERS = 120;

export function contractYaml(document: Readonly<Record<string, unknown>>, comment: string): string {
  const head = comment
    .split('\n')
    .map((line) => `# ${line}`)
    .join('\n');
  return `${head}\n${stringify(document, { lineWidth: LINE_CHARACTERS, aliasDuplicateObjects: false })}`;
}
