"""Pages: the frame of every page that is handed on.

Strategy: one HTML file that needs nothing else, without script, which may load nothing. It is
well-formed XML as well, so that whoever wrote it can read it back.

This module knows neither redlines nor chains.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bargaining.writers.hypertext import STYLE, attribute, isolated

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
PAGE_STYLE: Final = """
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body.bargaining{margin:0;font:1.0625rem/1.6 Charter,"Bitstream Charter",Cambria,Georgia,
"DejaVu Serif",serif}
main{display:block;max-width:50rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
header{border-bottom:1px solid var(--rule);padding-bottom:1.25rem}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .6rem;text-wrap:balance}
h1 .line{display:block;font-size:1rem;font-weight:400}
h1 .line:first-child{font-size:1.5rem;font-weight:700}
h2{font:700 .85rem/1.4 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;margin:0 0 .5rem}
.against{font-size:1.1rem;font-weight:700;margin:0 0 .4rem}
.cautions{margin:.4rem 0 0;padding-inline-start:1.2rem}
.front{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:1.5rem 2.5rem;
margin:1.5rem 0 2rem;padding-bottom:1.75rem;border-bottom:1px solid var(--rule)}
.front,.notes{font:.84rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.front table{width:100%}.front td{overflow-wrap:normal}
.ends th,.ends td{font-weight:700}
.legend ins,.legend del{font:1.06rem/1.5 Charter,"Bitstream Charter",Cambria,Georgia,
"DejaVu Serif",serif}
.text section{position:relative;display:grid;grid-template-columns:5.25rem minmax(0,1fr);
column-gap:1.25rem;padding-top:.15rem;content-visibility:auto;contain-intrinsic-size:auto 5rem}
.address{grid-column:1;padding-top:.28rem}
.paragraphs{grid-column:2;min-width:0;padding-inline-start:var(--in,0)}
.deep-1{--in:1.5rem}.deep-2{--in:3rem}.deep-3{--in:4.5rem}.deep-4{--in:6rem}
.notes{margin-top:2rem;padding-top:1.25rem;border-top:1px solid var(--rule)}
.notes ol{padding-inline-start:1.6rem}.notes li{margin:0 0 .5rem}
a{color:inherit}
a:focus-visible{outline:2px solid currentColor;outline-offset:2px}
:target{outline:2px solid var(--rule);outline-offset:2px}
@media (max-width:44rem){
main{padding-top:1.5rem}
.front{grid-template-columns:minmax(0,1fr)}
.text section{grid-template-columns:minmax(0,1fr)}
.address,.paragraphs{grid-column:1}
.deep-1{--in:.75rem}.deep-2{--in:1.5rem}.deep-3{--in:2.25rem}.deep-4{--in:3rem}}
@media screen and (prefers-color-scheme:dark){
.bargaining{color-scheme:dark;--ink:#e9e7e2;--paper:#17191c;--quiet:#b3b0a9;--rule:#8b8881;
--p0:#9cc7ff;--p1:#ffb598;--p2:#a3deab;--p3:#deb4f4;--p4:#e8ca86;--p5:#98dde4}
.bargaining th,.bargaining td{border-bottom-color:#4a4a4a}}
@page{margin:18mm 17mm 20mm;@bottom-right{content:counter(page) " / " counter(pages);
font:8pt system-ui,Arial,sans-serif}}
@media print{
body.bargaining{font-size:10.5pt;line-height:1.5}
main{max-width:none;padding:0}
.front,.notes{font-size:8.5pt}
.text section{content-visibility:visible;grid-template-columns:4.25rem minmax(0,1fr)}
.said{display:none}
p{orphans:3;widows:3}
h1,h2,.address{break-after:avoid}
tr,li,.legend{break-inside:avoid}
.bargaining a,.bargaining .tail a{text-decoration:none}}
"""


def page(name: str, body: str, *, style: str = "", kind: str = "") -> str:
    """Return a page.

    Args:
        name: what a window shows as its title.
        body: what is in it, as markup.
        style: its own style, beside what all pages have.
        kind: a class of the body by which that style knows it.
    """
    classes = f"bargaining {kind}".strip()
    return (
        '<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">\n'
        '<head>\n<meta charset="utf-8"/>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{attribute(name)}</title>\n<style>{STYLE}{PAGE_STYLE}{style}</style>\n</head>\n"
        f'<body class="{classes}">\n<main>\n{body}</main>\n</body>\n</html>\n'
    )


def heading(lines: Iterable[str]) -> str:
    """Return the heading of a page, line by line."""
    title = "".join(f'<span class="line">{isolated(line)}</span>' for line in lines)
    return f"<h1>{title}</h1>\n"
