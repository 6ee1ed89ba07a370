"""The style of the HTML page: light and dark, wide and narrow, on screen and on paper. No font and no address."""

from __future__ import annotations

STYLE = """\
:root{color-scheme:light dark;--page:#fbfbf9;--card:#fff;--ink:#1d2126;--soft:#5a636e;--line:#dcdfe3;--good:#1a7f4b;
--bad:#b3261e;--warn:#8a5a00;--open:#5b4b9a;--track:#e8eaed;--tint:#f3f4f6}
@media(prefers-color-scheme:dark){:root{--page:#14171a;--card:#1c2025;--ink:#e8eaed;--soft:#a3acb7;--line:#343a42;
--good:#5fce95;--bad:#ff8a80;--warn:#f0b94d;--open:#b9a8ff;--track:#2c323a;--tint:#23282e}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.15rem;margin:2.5rem 0 .75rem}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
p{margin:.25rem 0}
code{font:.875em/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
.soft{color:var(--soft)}
.verdict{border:1px solid var(--line);border-left:.5rem solid var(--tone);border-radius:.5rem;background:var(--card);
padding:1rem 1.25rem}
.verdict strong{color:var(--tone)}
.good{--tone:var(--good)}.bad{--tone:var(--bad)}.warn{--tone:var(--warn)}.open{--tone:var(--open)}.none{--tone:var(--soft)}
ul.counts{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;margin:.75rem 0 0;padding:0}
ul.counts li{background:var(--tint);border-radius:1rem;padding:.1rem .75rem;font-size:.875rem}
.card,details{border:1px solid var(--line);border-radius:.5rem;background:var(--card);
margin:0 0 1rem;padding:1rem 1.25rem}
.card table{border-collapse:collapse;width:100%;margin-top:.75rem;font-size:.925rem}
.card th,.card td{text-align:left;padding:.35rem .75rem .35rem 0;border-top:1px solid var(--line);vertical-align:top;
font-weight:400}
.card thead th{color:var(--soft);font-size:.8rem;border-top:0}
.card tr.least th{font-weight:600}
td.number{white-space:nowrap;font-variant-numeric:tabular-nums}
.score{display:flex;align-items:baseline;gap:.75rem;flex-wrap:wrap}
.score b{font-size:2rem;font-variant-numeric:tabular-nums}
svg.bar{width:9rem;height:.75rem;display:block;margin-top:.35rem}
svg.bar .track{fill:var(--track)}svg.bar .got{fill:var(--good)}svg.bar .may{fill:var(--open);opacity:.55}
article{border-top:1px solid var(--line);padding:.75rem 0}
article:first-of-type{border-top:0}
article header{display:flex;gap:.5rem;flex-wrap:wrap;align-items:baseline}
.tag{color:var(--tone);font-size:.75rem;font-weight:700;letter-spacing:.04em;text-transform:uppercase;
border:1px solid var(--tone);border-radius:.25rem;padding:0 .4rem;white-space:nowrap}
.next{margin-top:.35rem}.next::before{content:"→ ";color:var(--soft)}
article p{overflow-wrap:anywhere}
summary{cursor:pointer;font-weight:600}
details[open] summary{margin-bottom:.5rem}
footer{margin-top:3rem;font-size:.875rem;color:var(--soft)}
@media(max-width:40rem){.card thead{display:none}.card tr{display:block;padding:.5rem 0;
border-top:1px solid var(--line)}
.card th,.card td{display:block;border:0;padding:.1rem 0}main{padding:1rem .75rem 3rem}}
@media print{body{background:#fff}.card,details,article{break-inside:avoid}}
"""
