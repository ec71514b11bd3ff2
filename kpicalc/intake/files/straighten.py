"""Rewrites a sound workbook of a form that the reading library does not know as one that it knows.

Parts are found through their relations, however these are written (`./`, `../`, backslashes, another main part); parts
in another encoding become UTF-8; a number that XML splits (`1&#48;0`) becomes one piece; the cells of an xlsb state
their columns. No cell changes its value.
"""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

from kpicalc.intake.files.faults_xlsx import parse_xml
from kpicalc.intake.files.parts import Archive, Kind, RefusedError, pieces
from kpicalc.intake.files.records_xlsb import in_long_form

MAIN = {"xlsx": "xl/workbook.xml", "xlsb": "xl/workbook.bin"}
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_GAP = re.compile(rb"<table:table-row[^>]*>\s+<|</table:(?:covered-)?table-cell>\s+<")
_GAPS = re.compile(rb">\s+<(?=/?table:)")
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_FIXED = {"sharedStrings": "xl/sharedstrings", "styles": "xl/styles"}
"""Part names that the reading library expects."""
_VALUE = re.compile(rb"<((?:\w+:)?v)((?:\s[^>]*)?)>((?:[^<]|<!--|<\?)*?)</\1>", re.DOTALL)
_ASIDE = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"'][^>]*\?>")


def main_part(archive: Archive) -> str:
    """Return the part that holds the workbook, by the package's own relations; empty where there is none."""
    for kind, target in relations(archive, "").values():
        if kind == "officeDocument":
            return target
    return next((name for name in MAIN.values() if name in archive.parts), "")


def relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return the relations of a part by id: the kind of each and the name of the related part."""
    folder, links = posixpath.dirname(part), links_of(part)
    relations_by_id: dict[str, tuple[str, str]] = {}

    def link(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            whole = target if target.startswith("/") else posixpath.join("/", folder, target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations_by_id[attributes.get("Id", "")] = (kind, posixpath.normpath(whole).lstrip("/").lower())

    if links in archive.parts:
        parse_xml(pieces(archive, links), links, link)
    return relations_by_id


def straightened(archive: Archive, kind: Kind) -> bytes | None:
    """Return the workbook with its parts under the expected names, in UTF-8, with unsplit numbers; None if unneeded."""
    if kind == "ods":
        return _without_gaps(archive)
    main = main_part(archive)
    related = relations(archive, main)
    if not archive.odd and main == MAIN[kind] and _is_straight(archive, main, related):
        return None
    names = {
        part: info.filename.replace("\\", "/") for part, info in archive.parts.items() if not part.endswith(".rels")
    }
    suffix = MAIN[kind].rpartition(".")[2]
    names[main] = MAIN[kind]
    for relation, target in related.values():
        if relation in _FIXED and target in names:
            names[target] = f"xl/{'sharedStrings' if relation == 'sharedStrings' else 'styles'}.{suffix}"
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive_out:
        for part, name in names.items():
            data = b"".join(pieces(archive, part))
            if kind == "xlsx":
                data = _plain(data, part)
            elif part in archive.odd:
                data = in_long_form(data, part)
            archive_out.writestr(name, data)
        from html import escape

        links = "".join(
            f'<Relationship Id="{escape(identity)}" Type="{escape(_TYPES + relation)}"'
            f' Target="{escape(_from_workbook(names.get(target, target)))}"/>'
            for identity, (relation, target) in related.items()
        )
        text = f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'
        root = f'<Relationship Id="rId1" Type="{_TYPES}officeDocument" Target="{MAIN[kind]}"/>'
        archive_out.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}">{root}</Relationships>')
        archive_out.writestr(f"xl/_rels/workbook.{suffix}.rels", text)
    return written.getvalue()


def _from_workbook(part: str) -> str:
    """Return a part's name as the workbook's relations must state it: an xlsb is read by relative names."""
    return part.removeprefix("xl/") if part.startswith("xl/") else f"/{part}"


def _is_straight(archive: Archive, main: str, related: Mapping[str, tuple[str, str]]) -> bool:
    """Tell whether the reading library, which only joins part names, finds every part."""
    straight = all(target.startswith(_FIXED[relation]) for relation, target in related.values() if relation in _FIXED)

    def link(tag: str, attributes: dict[str, str]) -> None:
        nonlocal straight
        if tag.rpartition(":")[2] == "Relationship" and attributes.get("Id") in related:
            target = attributes.get("Target", "")
            joined = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            straight = straight and joined.lower() == related[attributes["Id"]][1]

    parse_xml(pieces(archive, links_of(main)), links_of(main), link)
    return straight


def _without_gaps(archive: Archive) -> bytes | None:
    """Return an OpenDocument workbook without line breaks between its cells; None where there are none."""
    content = b"".join(pieces(archive, "content.xml"))
    if not _GAP.search(content) and "content.xml" not in archive.odd:
        return None
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive_out:
        for part, info in archive.parts.items():
            data = content if part == "content.xml" else b"".join(pieces(archive, part))
            archive_out.writestr(info.filename, _GAPS.sub(b"><", _plain(data, part)) if part == "content.xml" else data)
    return written.getvalue()


def links_of(part: str) -> str:
    """Return the part that holds the relations of another one."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _plain(data: bytes, part: str) -> bytes:
    declared = _DECLARATION.match(data)
    if declared:
        encoding = declared[1].decode("ascii")
        try:
            data = data[declared.end() :].decode(encoding).encode()
        except (LookupError, UnicodeDecodeError) as error:
            raise RefusedError("file_odd_xml", found=part, what=encoding) from error
    return _VALUE.sub(_whole, data)


def _whole(value: re.Match[bytes]) -> bytes:
    inside = value[3]
    if b"&#" in inside or b"<" in inside:
        from html import escape, unescape

        text = unescape(_ASIDE.sub(b"", inside).decode())
        return b"<%b%b>%b</%b>" % (value[1], value[2], escape(text, quote=False).encode(), value[1])
    return value[0]
