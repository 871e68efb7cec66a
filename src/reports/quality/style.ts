/** What the report of a quality run adds to the style sheet of all reports. */

export const qualityStyle = `
.tiles{margin:0 0 1rem;display:flex;flex-wrap:wrap;gap:.5rem}
.tile{border:1px solid var(--line);border-radius:6px;padding:.15rem .6rem;font-size:.875rem}
.tile.failed,.tile.error{border-color:var(--minus)}.tile.warning{border-color:var(--care)}
article.check.failed,article.check.error{border-left:3px solid var(--minus)}article.check.warning{border-left:3px solid var(--care)}
.mark{font-weight:700}.mark.passed{color:var(--good)}.mark.failed,.mark.error{color:var(--minus)}.mark.warning{color:var(--care)}
.mark.learning,.mark.skipped{color:var(--quiet)}
.words p+p{margin-top:.4rem}
.checks{width:100%;table-layout:fixed}.checks td,.checks th{max-width:none}
.checks th:nth-child(1){width:1.7rem}.checks th:nth-child(2){width:27%}.checks th:nth-child(3){width:17%}.checks th:nth-child(5){width:9.5rem}
@media (max-width:45rem){.checks,.checks tbody{display:block}.checks thead{display:none}
.checks tr{display:grid;grid-template-columns:1.5rem minmax(0,1fr);padding:.45rem 0;border-bottom:1px solid var(--line)}
.checks td{border:0;padding:.05rem 0;grid-column:2}.checks td:first-child{grid-column:1;grid-row:1}.checks td:empty{display:none}}
details{margin-top:.8rem}summary{cursor:pointer;font-size:.875rem;color:var(--quiet)}
svg.spark{display:inline-block;width:9rem;max-width:9rem;height:1.6rem}
.trend{margin-top:.8rem}.trend svg.spark{width:18rem;max-width:100%;height:auto}.trend figcaption{margin:.25rem 0 0;font-size:.8rem}
svg.spark .broken{fill:var(--minus)}svg.spark .band{fill:var(--accent-soft)}
section h2 .quiet{font-weight:400}
`;
