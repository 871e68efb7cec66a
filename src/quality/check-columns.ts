/** The columns a check is about, by their name in the contract. */
import type { Check } from './check.ts';

export function columnsOf(check: Check): readonly string[] {
  switch (check.kind) {
    case 'duplicateValues':
    case 'foreignKey':
    case 'rowExpression':
      return check.columns;
    case 'functionalDependency':
      return [...check.determinant, check.column];
    case 'aggregate':
    case 'reconcile':
    case 'anomaly':
      return check.measure.kind === 'rowCount' ? [] : [check.measure.column];
    case 'failedRows':
    case 'rowCount':
    case 'volume':
    case 'schema':
      return [];
    case 'sql':
      return check.column === undefined ? [] : [check.column];
    default:
      return [check.column];
  }
}
