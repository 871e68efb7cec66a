/** What the report of a quality run adds to the style sheet of all reports. */

export const qualityStyle = `
.tiles{margin:0 0 1rem;display:flex;flex-wrap:wrap;gap:.5rem}
.tile{border:1px solid var(--line);border-radius:6px;padding:.15rem .6rem;font-size:.875rem}
.tile.failed,.tile.error{border-color:var(--minus)}.tile.warning{border-color:var(--care)}
article.check.failed,article.check.error{border-left:3px solid var(--minus)}article.check.warning{border-left:3px solid var(--care)}
.mark{font-weight:700}.mark.passed{color:var(--good)}.mark.failed,.mark.error{color:var(--minus)}.mark.warning{color:var(--care)}
.mark.learning,.mark.skipped{color:var(--quiet)}
.words p+p{margin-top:.4rem}
.checks td:nth-child(4){max-width:30rem}
details{margin-top:.8rem}summary{cursor:pointer;font-size:.875rem;color:var(--quiet)}
svg.spark{display:inline-block;width:9rem;max-width:9rem;height:1.6rem}
.check svg.spark{margin-top:.7rem;width:16rem;max-width:16rem}
svg.spark .broken{fill:var(--minus)}svg.spark .band{fill:var(--accent-soft)}
section h2 .quiet{font-weight:400}
`;
