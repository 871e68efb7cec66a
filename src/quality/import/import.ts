/** Rules of other tools (dbt, Great Expectations, Soda) as a contract document, and all that could not be carried over. */
import { importDbt, isDbt } from './dbt.ts';
import { ContractDraft, type LeftOver } from './draft.ts';
import { importSuite, isSuite } from './great-expectations.ts';
import { importSodaChecks, isSodaChecks } from './soda-checks.ts';
import { importSodaContract, isSodaContract } from './soda-contract.ts';
import { wordsOf } from './words.ts';

export type { LeftOver } from './draft.ts';

export type Imported =
  | {
      readonly kind: 'contract';
      readonly from: string;
      readonly document: Readonly<Record<string, unknown>>;
      readonly carried: number;
      readonly left: readonly LeftOver[];
    }
  | { readonly kind: 'unknown' };

/** `name` is what the file is called, without its ending. */
export function importRules(value: unknown, name: string): Imported {
  const document = wordsOf(value);
  const draft = new ContractDraft(name);
  const from = read(draft, document, name);
  if (from === undefined) return { kind: 'unknown' };
  return { kind: 'contract', from, document: draft.document(), carried: draft.carried, left: draft.left };
}

function read(draft: ContractDraft, document: Readonly<Record<string, unknown>>, name: string): string | undefined {
  if (isSuite(document)) {
    importSuite(draft, document, name);
    return 'Great Expectations';
  }
  if (isSodaChecks(document)) {
    importSodaChecks(draft, document);
    return 'Soda checks';
  }
  if (isSodaContract(document)) {
    importSodaContract(draft, document);
    return 'a Soda contract';
  }
  if (isDbt(document)) {
    importDbt(draft, document);
    return 'dbt';
  }
  return undefined;
}
