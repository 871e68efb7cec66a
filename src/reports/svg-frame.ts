/** The frame of every drawing: its size, its accessible name, its coordinates. */
import { escapeHtml } from './escape.ts';

/** Width of every drawing in its own units; text keeps its size on a phone because this is narrow. */
export const drawingWidth = 380;

export type Drawing = { readonly height: number; readonly body: string };

/** `id` must be unique on the page: title and description are referred to by it. */
export function frame({ height, body }: Drawing, id: string, title: string, description: string): string {
  return [
    `<svg viewBox="0 0 ${drawingWidth} ${height}" role="img" aria-labelledby="${id}-t ${id}-d">`,
    `<title id="${id}-t">${escapeHtml(title)}</title><desc id="${id}-d">${escapeHtml(description)}</desc>`,
    body,
    '</svg>',
  ].join('');
}

/** A coordinate with one decimal: enough for the eye, and the same on every machine. */
export function at(coordinate: number): string {
  return String(Math.round(coordinate * 10) / 10);
}
