"""The parts of a zipped workbook, streamed in pieces under limits, so that a hostile file costs little.

The sizes stated in the zip's headers are not trusted: only unpacked bytes count.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import field
from io import BytesIO
from typing import Literal, TypeAlias

from kpicalc.model.record import record

MIB = 1 << 20
FILE_LIMIT = 512 * MIB
PART_LIMIT = 1024 * MIB
TOTAL_LIMIT = 2048 * MIB
RATIO_LIMIT = 300
RATIO_FREE = 50 * MIB
TOKEN_LIMIT = 64 * MIB
CHUNK = MIB // 4
"""A piece that fits into the cache of a processor is looked through faster than a larger one."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    NotImplementedError,
    ValueError,
    KeyError,
    OverflowError,
    MemoryError,
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00")
_ENCRYPTED_FLAG = 0x1
_SPLIT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]*(?:&#|<[!?])")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"'](?!utf-?8[\"']|us-ascii[\"'])", re.IGNORECASE)
_XML_NAMES = (".xml", ".rels", ".vml")


Kind: TypeAlias = Literal["xlsx", "xlsb", "ods", "xls"]


class RefusedError(Exception):
    """The file cannot be read: the exception ends the scan at once, in the middle of a part."""

    def __init__(self, code: str, **facts: object) -> None:
        """Hold an issue's code and facts; the caller knows the place."""
        super().__init__(code)
        self.code = code
        self.facts = facts


@record(frozen=False)
class Archive:
    """An opened zip and the number of bytes unpacked so far; part names are looked up in lower case."""

    zip: zipfile.ZipFile
    parts: dict[str, zipfile.ZipInfo]
    produced: int = 0
    seen: set[str] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)
    """Parts that the reading library would misread: another encoding, a number in several pieces."""


def open_archive(data: bytes) -> Archive:
    """Open the zip; a broken directory, a repeated part or a password is refused."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except _DAMAGE as error:
        raise RefusedError("file_damaged", found=str(error)) from error
    parts: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        # Some programs write folders with backslashes.
        name = info.filename.replace("\\", "/").lower()
        if name in parts:
            raise RefusedError("file_damaged", found=info.filename)
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise RefusedError("file_encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise RefusedError("file_damaged", found=info.filename)
        parts[name] = info
    return Archive(archive, parts)


def pieces(archive: Archive, name: str) -> Iterator[bytes]:
    """Yield a part's bytes; XML is cut after a whole row, cell or tag, checked for DTDs and its encoding.

    The check sum is verified after the last piece. A second reading of a part (the slow pass) does not count towards
    the limit.
    """
    chunks = raw_pieces(archive, name)
    first = next(chunks, b"")
    if not (name.endswith(_XML_NAMES) or first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")):
        yield first
        yield from chunks
        return
    if first.startswith(_UTF_16):
        raise RefusedError("file_odd_xml", found=name, what="UTF-16")
    if _ENCODING.match(first):
        archive.odd.add(name)
    carry = first
    for chunk in chunks:
        cut = _cut(carry)
        piece, carry = carry[:cut], carry[cut:] + chunk
        if len(carry) > TOKEN_LIMIT:
            raise RefusedError("file_odd_xml", found=name, what=f"> {TOKEN_LIMIT // MIB} MiB")
        if piece:
            _refuse_dtd(piece, name)
            _note_split(archive, piece, name)
            yield piece
    _refuse_dtd(carry, name)
    _note_split(archive, carry, name)
    yield carry


def raw_pieces(archive: Archive, name: str) -> Iterator[bytes]:
    """Yield a part's bytes under the limits, cut anywhere; the check sum is verified at the end."""
    info = archive.parts[name]
    size = 0
    try:
        with archive.zip.open(info) as part:
            while chunk := part.read(CHUNK):
                size += len(chunk)
                _watch(archive, name, info, size, len(chunk))
                yield chunk
    except _DAMAGE as error:
        raise RefusedError("file_damaged", found=info.filename) from error
    archive.seen.add(name)


def _watch(archive: Archive, name: str, info: zipfile.ZipInfo, size: int, more: int) -> None:
    if name not in archive.seen:
        archive.produced += more
    if size > PART_LIMIT:
        raise RefusedError("file_too_large", found=info.filename, allowed=f"{PART_LIMIT // MIB} MiB")
    if archive.produced > TOTAL_LIMIT:
        raise RefusedError("file_too_large", found=info.filename, allowed=f"{TOTAL_LIMIT // MIB} MiB")
    if size > RATIO_FREE and size > RATIO_LIMIT * max(1, info.compress_size):
        raise RefusedError("file_too_large", found=info.filename, allowed=f"1 : {RATIO_LIMIT}")


def _cut(text: bytes) -> int:
    for end in (b"</row>", b"</c>", b">"):
        at = text.rfind(end)
        if at >= 0:
            return at + len(end)
    return 0


def holds(piece: bytes, mark: bytes, rare: bytes) -> bool:
    """Tell whether a mark is in a piece: the rare character of the mark is searched first, which is much faster."""
    return rare in piece and mark in piece


def _refuse_dtd(piece: bytes, name: str) -> None:
    if holds(piece, b"<!", b"!") and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
        raise RefusedError("file_unsafe_xml", found=name)


def _note_split(archive: Archive, piece: bytes, name: str) -> None:
    marks = holds(piece, b"&#", b"#") or holds(piece, b"<!", b"!") or holds(piece[5:], b"<?", b"?")
    if marks and _SPLIT.search(piece):
        archive.odd.add(name)
