"""Folding: one spelling, in Latin letters, of what is written in Latin, Cyrillic or Armenian, to compare names by.

Case, accents, apostrophes, hyphens and other marks go; ё is е. Cyrillic is read as the English press writes it, by the scheme "Wikipedia"
of iuliia, with the letters of Azerbaijani and other languages that this scheme lacks; Armenian by the table of BGN/PCGN (1981). A name that
the graph holds in one script is so found in another. Other scripts stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import iuliia

VERSION: Final = 1
"""Of the folding: an index that was folded otherwise cannot be asked."""
WORDS: Final = 64
"""How many words of a text are folded; what stands after them is not searched."""
LONGEST: Final = 64
"""How many letters of a word are folded."""

_LETTERS: Final = 4 * WORDS * LONGEST
_CYRILLIC: Final = re.compile("[\u0400-\u052f]+")
_ARMENIAN: Final = re.compile("[\u0531-\u058f]+")
_SCRIPTS: Final = {
    "Latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "Cyrillic": _CYRILLIC,
    "Armenian": _ARMENIAN,
}
_MARKS: Final = str.maketrans(dict.fromkeys(map(ord, "'’‘ʼ`´ʹʺ′″՚՛՜՞\u00ad"), None))
"""What stands inside a word and is not one of its letters."""
_LATIN: Final = str.maketrans(
    {"ə": "a", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
"""Letters that Unicode does not take apart."""
_OTHER_CYRILLIC: Final = str.maketrans(
    {
        "ә": "а", "ғ": "г", "ҝ": "г", "ґ": "г", "ө": "о", "ү": "у", "ұ": "у", "һ": "h", "ҹ": "j", "ј": "й", "қ": "к",
        "ң": "н", "і": "и", "є": "е", "љ": "ль", "њ": "нь", "ћ": "ч", "ђ": "дж", "џ": "дж",
    }
)  # fmt: skip
"""Letters that Russian has not, by those that sound the nearest; ҹ and һ by the Latin ones."""
_LETTERS_OF_ARMENIAN: Final = {
    "ա": "a", "բ": "b", "գ": "g", "դ": "d", "ե": "e", "զ": "z", "է": "e", "ը": "y", "թ": "t", "ժ": "zh", "ի": "i", "լ": "l",
    "խ": "kh", "ծ": "ts", "կ": "k", "հ": "h", "ձ": "dz", "ղ": "gh", "ճ": "ch", "մ": "m", "յ": "y", "ն": "n", "շ": "sh", "ո": "o",
    "չ": "ch", "պ": "p", "ջ": "j", "ռ": "r", "ս": "s", "վ": "v", "տ": "t", "ր": "r", "ց": "ts", "ւ": "v", "փ": "p", "ք": "k",
    "օ": "o", "ֆ": "f", "և": "ev",
}  # fmt: skip
"""BGN/PCGN 1981, without its apostrophes and with r for ռ (rr), which names in the press do not keep."""
_FIRST_OF_ARMENIAN: Final = {"ե": "ye", "ո": "vo", "և": "yev"}
"""The letters that sound otherwise at the beginning of a word."""


def fold(text: str) -> str:
    """Give *text* as words of letters and digits with single spaces between them; empty where it has none.

    Any text may be given. What is folded already stays as it is.

    >>> fold("Ирина МОСЕСОВА"), fold("Մոսեսովա"), fold("Nagorno-Karabakh"), fold("Érevan"), fold("Гәнҹә")
    ('irina mosesova', 'mosesova', 'nagorno karabakh', 'erevan', 'ganja')
    """
    plain = _bare(_bare(text[:_LETTERS]).casefold()).casefold().translate(_MARKS)
    plain = _CYRILLIC.sub(lambda found: _cyrillic(found[0]), plain)
    plain = _ARMENIAN.sub(lambda found: _armenian(found[0]), plain).translate(_LATIN)
    plain = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in plain)
    return " ".join(word[:LONGEST] for word in plain.split()[:WORDS])


def script(text: str) -> str:
    """Give the script that most letters of *text* are of: ``Latin``, ``Cyrillic``, ``Armenian``, empty for others.

    >>> script("Баку"), script("Բաքու"), script("Baku"), script("1990")
    ('Cyrillic', 'Armenian', 'Latin', '')
    """
    counts = {
        name: sum(len(part) for part in pattern.findall(text[:_LETTERS]))
        for name, pattern in _SCRIPTS.items()
    }
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


def _bare(text: str) -> str:
    """Give *text* without accents; й is a letter of its own."""
    parts = unicodedata.normalize("NFKD", text).replace("И\u0306", "Й").replace("и\u0306", "й")
    return "".join(c for c in parts if not unicodedata.combining(c))


@lru_cache(maxsize=50_000)
def _cyrillic(word: str) -> str:
    return str(iuliia.WIKIPEDIA.translate(word.translate(_OTHER_CYRILLIC)))


@lru_cache(maxsize=50_000)
def _armenian(word: str) -> str:
    """Give a lower-case *word* in Latin letters; ու is one vowel."""
    found, place = [], 0
    while place < len(word):
        letter = word[place]
        if word.startswith("ու", place):
            found.append("u")
            place += 2
            continue
        if place == 0 and letter in _FIRST_OF_ARMENIAN:
            found.append(_FIRST_OF_ARMENIAN[letter])
        else:
            found.append(_LETTERS_OF_ARMENIAN.get(letter, " "))
        place += 1
    return "".join(found)
