"""The real format of a file, by its bytes: its name may be wrong."""

import re

from kpicalc.intake.files.parts import Archive, Kind, RefusedError, open_archive, pieces
from kpicalc.intake.files.straighten import main_part

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_LABELS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x1f\x8b": "GZIP",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}
_HTML = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<style", b"mime-version:")
_SCHEME = re.compile(rb"^(?:\xef\xbb\xbf)?(?:kpicalc|kpis|schemes):", re.MULTILINE)
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 4096
_TEXT_BYTES = frozenset(range(0x20, 0x100)) - {0x7F} | {0x09, 0x0A, 0x0D}


def archive_or_kind(data: bytes) -> tuple[Kind, Archive | None]:
    """Return the format and, for a zipped one, its archive; other kinds of file are refused by their name."""
    if data.startswith(b"PK"):
        archive = open_archive(data)
        return _zip_kind(archive), archive
    if data.startswith(_OLE):
        return _ole_kind(data), None
    raise _not_a_workbook(data)


def _zip_kind(archive: Archive) -> Kind:
    parts = archive.parts
    main = main_part(archive)
    if main in parts and main.endswith(".bin"):
        return "xlsb"
    # Documents of other programs have a main part too.
    if main in parts and b"workbook" in next(pieces(archive, main), b"")[:_HEAD]:
        return "xlsx"
    if "content.xml" in parts:
        if "meta-inf/manifest.xml" in parts and any(
            b"encryption-data" in piece for piece in pieces(archive, "meta-inf/manifest.xml")
        ):
            raise RefusedError("file_encrypted")
        if "mimetype" in parts and next(pieces(archive, "mimetype"), b"").startswith(_ODS_TYPE):
            return "ods"
    if "[content_types].xml" in parts and any(name.startswith("xl/") for name in parts):
        raise RefusedError("file_damaged", found="xl/workbook.xml")
    raise RefusedError("file_not_a_workbook", found="ZIP")


def _ole_kind(data: bytes) -> Kind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise RefusedError("file_encrypted")
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return "xls"
    raise RefusedError("file_not_a_workbook", found="DOC, MSG (OLE)")


def _not_a_workbook(data: bytes) -> RefusedError:
    if not data.strip(b"\x00"):
        return RefusedError("file_empty")
    head = data[:_HEAD]
    for magic, label in _LABELS.items():
        if head.startswith(magic):
            return RefusedError("file_not_a_workbook", found=label)
    lowered = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in lowered:
        return RefusedError("file_not_a_workbook", found="XML Spreadsheet 2003")
    if lowered.startswith(_HTML) or (lowered.startswith(b"<") and b"<html" in lowered):
        return RefusedError("file_is_html")
    if lowered.startswith(b"<?xml"):
        return RefusedError("file_not_a_workbook", found="XML")
    if _SCHEME.search(head):
        return RefusedError("file_is_scheme")
    if head.startswith(_BOMS) or _TEXT_BYTES.issuperset(head):
        return RefusedError("file_is_text")
    return RefusedError("file_damaged", found=head[:4].hex(" "))
