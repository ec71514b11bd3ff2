"""What the bytes of a csv file show before it is parsed: its hash, its encoding, its line ends.

A database reads most files at the speed of the disk and some of them wrongly: where a file has two kinds of line end,
it takes one kind and skips the other lines. Such files are detected here, and `csv_file` reads them row by row.
"""

import codecs
import hashlib
import re
from collections.abc import Iterable
from typing import BinaryIO

from kpicalc.model.record import record

_PIECE = 1 << 22
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_RUSSIAN = "cp1251"
"""The encoding of files from 1C and Excel that are not in UTF-8."""
_DOS = "cp866"
_NO_LETTERS = b"\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa8\xab"
_IN_DOS = bytes(code for code in range(0x80, 0xB0) if code not in _NO_LETTERS)
_IN_RUSSIAN = bytes(code for code in range(0xC0, 0x100) if not 0xE0 <= code < 0xF0)
"""Letters of the one encoding that are rare signs or frames of tables in the other."""
_WORD = re.compile(b"[" + re.escape(_IN_DOS) + b"]{2}|[\xc0-\xdf][\xc0-\xff]|[\xe0-\xef][\xf0-\xff]")
"""Two letters in a row: a sign by itself, such as € or №, says nothing of a file's encoding."""
_SMALL = 0xE0
"""Where small letters begin; in KOI8 capitals do."""
_LETTERS, _MOST = re.compile(rb"[\xc0-\xff]{2,}"), 5000
_USUAL = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъ"
"""The letters of Russian texts, the most usual first."""
_SURE, _LIKELY = 60, -20
"""Each place nearer the front is a sixth likelier: sixty places are odds of ten thousand to one."""


@record
class Survey:
    """A text file as one pass over its bytes finds it. `encoding` is empty where it cannot be detected.

    `plain`: in UTF-8, with one kind of line end, no line break inside quotes, no blank line; then `lines` is the number
    of lines.
    """

    sha256: str
    encoding: str
    plain: bool
    lines: int


def known_encoding(name: str) -> bool:
    """Tell whether a stated encoding is one that can be read."""
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def survey(handle: BinaryIO, stated: str | None = None) -> Survey:
    """Examine a text file; `stated` is the encoding that the scheme names."""
    digest, lines = hashlib.sha256(), _Lines()
    stated = codecs.lookup(stated).name if stated else ""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    valid, zeros = stated in ("", "utf-8"), False
    leaning, words = 0, False
    letters: set[bytes] = set()
    head = b""
    while piece := handle.read(_PIECE):
        head = head or piece[:4]
        digest.update(piece)
        zeros = zeros or b"\0" in piece
        if valid:
            lines.take(piece)
            try:
                utf8.decode(piece)
            except UnicodeDecodeError:
                valid = False
        if not valid:
            leaning += _count(piece, _IN_DOS) - _count(piece, _IN_RUSSIAN)
            words = words or _WORD.search(piece) is not None
            if len(letters) < _MOST:
                letters.update(_LETTERS.findall(piece))
    try:
        utf8.decode(b"", final=True)
    except UnicodeDecodeError:
        valid = False
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")
    if marked == "utf-16" and stated in ("", "utf-16"):
        detected = "utf-16"
    elif stated and stated != "utf-8":
        detected = stated
    elif valid and not zeros:
        detected = "utf-8"
    else:
        detected = "" if stated or zeros else _RUSSIAN
    leaning = leaning if words else 0
    if (detected == _RUSSIAN and (leaning > 0 or _is_koi8(letters))) or (detected == _DOS and leaning < 0):
        # Where only its headings are Latin, a file would be read, and its texts be of no alphabet.
        detected = ""
    return Survey(digest.hexdigest(), detected, detected == "utf-8" and valid and lines.plain(), lines.count())


def _count(piece: bytes, among: bytes) -> int:
    return len(piece) - len(piece.translate(None, among))


def _is_koi8(words: Iterable[bytes]) -> bool:
    """Tell whether words are likelier in KOI8: by their capitals or, where they have none, by how usual letters are."""
    turned = sum((word[0] >= _SMALL) - (word[1] >= _SMALL) for word in words)
    # «руб», «рублей», «РУБ» are one witness: of such words alone nothing can be told.
    text = b"".join({word.decode(_RUSSIAN).lower()[:3]: word for word in sorted(words)}.values())
    likelier = _rarity(text, _RUSSIAN) - _rarity(text, "koi8-r")
    return turned >= 0 and likelier > (_LIKELY if turned else _SURE)


def _rarity(text: bytes, encoding: str) -> int:
    return sum(map(_USUAL.index, text.decode(encoding).lower()))


class _Lines:
    """Counts line ends outside quotes, piece by piece."""

    def __init__(self) -> None:
        self.inside = False
        self.quoted = self.feeds = self.pairs = self.returns = 0
        self.blank = False
        self.last = b""

    def take(self, piece: bytes) -> None:
        seam = self.last + piece
        self.pairs += seam.count(b"\r\n")
        self.returns += piece.count(b"\r")
        # At the seam of two pieces only new line ends count.
        self.pairs -= self.last.count(b"\r\n")
        if not self.inside and b'"' not in piece:
            self.feeds += piece.count(b"\n")
        else:
            for number, part in enumerate(piece.split(b'"')):
                self.inside = self.inside if number == 0 else not self.inside
                if self.inside:
                    self.quoted += part.count(b"\n") + part.count(b"\r")
                else:
                    self.feeds += part.count(b"\n")
        self.blank = self.blank or b"\n\n" in seam or b"\n\r\n" in seam
        self.last = piece[-2:] if len(piece) > 1 else (self.last + piece)[-2:]

    def plain(self) -> bool:
        """Tell whether there is one kind of line end, outside quotes, and no blank line."""
        alike = self.returns == self.pairs and self.pairs in (0, self.feeds)
        return alike and not self.quoted and not self.blank and not self.inside

    def count(self) -> int:
        """Return the number of lines, a last line without an end included."""
        return self.feeds + (0 if self.last.endswith(b"\n") or not self.last else 1)
