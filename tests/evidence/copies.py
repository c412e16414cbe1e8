"""Other copies of a text, as readers hold them: every change that must not matter to a digest."""

from __future__ import annotations

import html
import re
import textwrap
import unicodedata
from collections.abc import Callable

STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "—": "--", "…": "..."})
CURLED = str.maketrans({'"': "”", "'": "’", "-": "‑"})
ENTITIES = {"’": "&rsquo;", "“": "&ldquo;", "”": "&#8221;", "–": "&ndash;", "\u00a0": "&nbsp;"}


def rewrapped(text: str) -> str:
    return "\r\n\r\n".join(textwrap.fill(line, 57) for line in text.splitlines())


def straight(text: str) -> str:
    return text.translate(STRAIGHT)


def curled(text: str) -> str:
    return text.translate(CURLED)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def soft_hyphens(text: str) -> str:
    return re.sub(r"(?<=[^\W\d_]{3})(?=[^\W\d_]{3})", "\u00ad", text)


def no_break_spaces(text: str) -> str:
    return re.sub(r"(?<=\w) (?=\w)", "\u00a0", text)


def page_breaks(text: str) -> str:
    return re.sub(r"\n(?=(?:.*\n){7})", "\f\n", text)


def headed(text: str) -> str:
    return "PRINTED FROM THE ARCHIVE, PAGE 1 OF 9\nKept by a reader – 2011\n\n" + text


def marked(text: str) -> str:
    return "\ufeff" + text


Change = Callable[[str], str]
CHANGES: list[Change] = [
    rewrapped, straight, curled, decomposed, soft_hyphens, no_break_spaces, page_breaks, headed, marked,
]  # fmt: skip


def _escaped(text: str) -> str:
    return "".join(ENTITIES.get(character, html.escape(character)) for character in text)


def _paragraph(line: str) -> str:
    words = [_escaped(word) for word in line.split(" ")]
    words[0] = f"<strong>{words[0]}</strong>"
    if len(words) > 9:
        words[4] = f'<a href="/tag?a=1&amp;b=2" title="not the words">{words[4]}</a>'
        words[6] = words[6][:1] + f"<em class=x>{words[6][1:]}</em>" if words[6].isascii() else words[6]
        words[8] = f"<br />\n      {words[8]}<!-- {words[0]} -->"
    return "\n      ".join([" ".join(words[:9]), " ".join(words[9:])])


def saved_page(text: str) -> str:
    """Give a news site's page of *text* as a browser saves it."""
    title, *lines = [line.strip() for line in text.splitlines() if line.strip()]
    body = []
    for number, line in enumerate(lines):
        if re.match(r"January \d+, ", line):
            body.append(
                f'<figure id=f{number}><img src="p{number}.jpg" alt="a photograph">'
                f"<figcaption>{_paragraph(line)}</figcaption></figure>"
            )
        elif ": " in line[:40]:
            body.append(f"<div class='field'>{_paragraph(line)}<br>")
            body.append("</div><wbr>")
        else:
            body.append(f"<p>{_paragraph(line)}")  # browsers close it
    script = f"<script>var page = {{title: {title!r}, text: '<p>' + {lines[0]!r}}};</script>"
    return f"""<!DOCTYPE html>
<!-- saved from url=(0044)https://news.example/91953/the-page/ -->
<html lang="en"><head><meta charset="utf-8"><title>{_escaped(title)} – News</title>
<style>p::after {{ content: "<p>" }}</style>{script}
<script type="application/ld+json">{{"headline": {lines[0]!r}}}</script></head>
<body class="single"><header><nav><ul><li><a href="/">Home</a><li><a href="/a">Community &amp; Arts</a></ul></nav></header>
<noscript><img src="/pixel?{_escaped(lines[0])}">{_escaped(lines[0])}</noscript>
<svg viewBox="0 0 1 1"><title>{_escaped(title)}</title><path d="M0"/></svg>
<article><h1>{_escaped(title)}</h1><p class=byline>By a reader &bull; 4 comments</p>
{chr(10).join(body)}
</article><aside><h2>Related&hellip;</h2><p>Other news of the day</p></aside>
<footer>&copy; 2011 &#x2014; All rights reserved</footer>{script}</body></html>
"""
