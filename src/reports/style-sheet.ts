/** The style sheet of the HTML report: light and dark, phone, desk and paper. */

export const styleSheet = `
:root{--ink:#1b1f24;--quiet:#5d6670;--line:#e1e4e8;--page:#fff;--card:#fff;--tint:#f5f7f9;--accent:#2f6f9f;--accent-soft:#d7e6f1;
--minus:#b5654a;--care:#b7791f;--care-soft:#fdf6e7;--good:#2e7d4f;--mark:#fff1b8}
@media (prefers-color-scheme:dark){:root{--ink:#e4e7ea;--quiet:#98a2ad;--line:#2f363d;--page:#14181c;--card:#1a1f24;--tint:#20262c;
--accent:#6fb1de;--accent-soft:#23394a;--minus:#d98b70;--care:#d9a441;--care-soft:#2a2417;--good:#6cc08b;--mark:#5a4a12}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif}
main{max-width:60rem;margin:0 auto;padding:3rem 1.5rem 4rem}
header{border-bottom:1px solid var(--line);padding-bottom:1.5rem;margin-bottom:2.5rem}
.task{margin:0 0 1rem;color:var(--quiet)}
.task span{font-size:.72rem;letter-spacing:.09em;text-transform:uppercase;margin-right:.5rem}
h1{font-size:clamp(1.45rem,1.1rem + 1.5vw,2.05rem);line-height:1.25;font-weight:650;letter-spacing:-.012em;margin:0 0 1rem;text-wrap:balance}
h2{font-size:1.02rem;font-weight:650;margin:2.75rem 0 1rem}
h3{font-size:.95rem;font-weight:650;margin:0 0 .25rem}
p,li,h1,td,th,code{overflow-wrap:anywhere}
.facts{margin:0;font-size:.875rem;color:var(--quiet)}
.facts span:not(:last-child)::after{content:"·";margin:0 .35rem 0 .55rem}
.ending{border-left:3px solid var(--care);background:var(--care-soft);padding:.6rem .9rem;margin:0 0 1rem}
.quiet{color:var(--quiet);font-size:.875rem}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--tint);padding:.08em .3em;border-radius:3px}
h1 code{font-size:.86em}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.18em}
.number{color:inherit;text-decoration:underline dotted var(--accent)}
.number b{display:inline-block;max-width:100%;overflow-wrap:anywhere;text-decoration:inherit;font-weight:650;font-variant-numeric:tabular-nums}
.number:hover{color:var(--accent)}
article.key,article.supporting,article.caveat{border:1px solid var(--line);border-radius:8px;background:var(--card);padding:1.1rem 1.25rem;margin:0 0 1rem}
article.supporting,article.caveat{font-size:.94rem;padding:.85rem 1.25rem}
article.caveat{border-left:3px solid var(--care)}
article.key .words>p:first-child{font-size:1.06rem}
.words p{margin:0}
.sources{margin-top:.6rem!important;font-size:.78rem;color:var(--quiet)}
.sources a{margin-left:.25rem}
@media (min-width:48rem){.drawn{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,25rem);gap:2rem;align-items:start}}
@media (max-width:47.99rem){.figures{margin-top:1rem}}
figure{margin:0}
figure+figure{margin-top:1.1rem}
figcaption{font-size:.82rem;color:var(--quiet);margin-bottom:.35rem}
svg{display:block;width:100%;height:auto;max-width:30rem;overflow:visible;font-size:12.5px}
svg text{fill:var(--ink);dominant-baseline:central;font-variant-numeric:tabular-nums}
svg .tick,svg .note{fill:var(--quiet);font-size:11.5px}
svg .value{font-weight:600}
svg .bar{fill:var(--accent)}svg .negative{fill:var(--minus)}
svg .axis{stroke:var(--quiet);stroke-width:1}svg .grid{stroke:var(--line);stroke-width:1}
svg .line{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
svg .dot{fill:var(--accent)}svg .peak{stroke:var(--card);stroke-width:1.5}
svg .interval{stroke:var(--accent);stroke-width:2}
.plain{padding-left:1.1rem;margin:0}.plain li{margin:.3rem 0}
.plan{list-style:none;padding:0;margin:0 0 1rem}
.plan li{padding:.15rem 0 .15rem 1.7rem;text-indent:-1.7rem}
.plan span{display:inline-block;width:1.7rem;text-indent:0;color:var(--quiet)}
.plan .done span{color:var(--good)}.plan .dropped{color:var(--quiet);text-decoration:line-through}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
.scroll table{width:max-content}
table{border-collapse:collapse;font-size:.84rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.32rem .8rem .32rem 0;border-bottom:1px solid var(--line);vertical-align:top;max-width:22rem}
.scroll th,.scroll td{min-width:3rem;overflow-wrap:break-word}
thead th{font-weight:600;color:var(--quiet)}
.r{text-align:right}
.gap td,.gap th{padding-top:0;padding-bottom:.1rem;color:var(--quiet)}
.row{color:var(--quiet);font-weight:400;min-width:2.2rem!important}
mark{background:var(--mark);color:inherit;padding:.05em .25em;margin:0 -.25em;border-radius:2px}
.evidence article{border-top:1px solid var(--line);padding:1.1rem 0 .6rem;scroll-margin-top:.5rem}
.evidence article:target{background:linear-gradient(90deg,var(--accent-soft),transparent);box-shadow:-1rem 0 0 var(--accent-soft)}
.evidence article>p{margin:.2rem 0 .6rem}
.checked{color:var(--good);margin-left:.6rem}.unchecked{color:var(--care);margin-left:.6rem}
pre{margin:.4rem 0 .8rem;padding:.75rem .9rem;background:var(--tint);border-radius:6px;max-height:16rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;
font:.8rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.hash{font-size:.74rem;color:var(--quiet)}.hash code{background:none;padding:0}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.8rem;color:var(--quiet)}
footer code{background:none;padding:0}
@media (max-width:30rem){main{padding:1.5rem 1rem 3rem}article.key,article.supporting,article.caveat{padding:.9rem 1rem}h2{margin-top:2.1rem}}
@media print{:root{--ink:#000;--quiet:#444;--page:#fff;--card:#fff;--tint:#f4f4f4;--line:#ccc;--accent:#235a84;--care-soft:#fff;--mark:#fff1b8}
body{font-size:10.5pt}main{max-width:none;padding:0}pre{max-height:none}article,figure,tr{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
