/** Puts the pieces of an answer together for the screen, or passes them on as events; a new attempt begins anew. */
import type { LiveReader } from '../live/follow.ts';
import type { Terminal } from './terminal.ts';

/** More is not shown anyway. So much is kept at least, and twice as much at most: lines move only when some is let go. */
const keptCharacters = 4_096;

/** Attempts count from 1. */
const noAttempt = 0;

export function createLiveAnswer(terminal: Terminal, events: boolean): LiveReader {
  let present: { readonly turn: number; readonly attempt: number } | undefined;
  let text = '';
  let end = 0;
  return {
    piece(piece) {
      const { turn, attempt, offset } = piece;
      const isSame = present?.turn === turn && present.attempt === attempt;
      if (!isSame) {
        if (events && present?.turn === turn) terminal.answer(JSON.stringify({ kind: 'rewind', turn, attempt }));
        [present, text, end] = [{ turn, attempt }, '', 0];
      }
      // Heartbeats and stream overlap, and a heartbeat's tail may leave a gap.
      const news = piece.text.slice(Math.max(0, end - offset));
      if (news === '') return isSame ? undefined : terminal.live('');
      if (events)
        terminal.answer(JSON.stringify({ kind: 'text', turn, attempt, offset: Math.max(offset, end), text: news }));
      const gap = offset > end ? '… ' : '';
      text = `${text}${gap}${news}`;
      if (text.length > 2 * keptCharacters) text = text.slice(-keptCharacters);
      end = offset + piece.text.length;
      terminal.live(text);
    },
    ended() {
      // The turn may be asked again, also by the same number of attempt (after a pause): that is a rewind.
      if (present !== undefined) present = { turn: present.turn, attempt: noAttempt };
      text = '';
      terminal.live('');
    },
  };
}
