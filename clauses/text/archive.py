"""Zipped documents, opened with care: what the central directory declares is checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from clauses.text.errors import UnreadableError

_MEMBERS = 2_000
_MEMBER_SIZE = 20 * 1024 * 1024
_WHOLE_SIZE = 40 * 1024 * 1024
_RATIO = 100
_RATIO_MATTERS = 1024 * 1024  # small parts may be packed better than that


class Archive:
    """The parts of a zipped document; raises UnreadableError for a bomb, a damaged or an encrypted one."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise UnreadableError("archive_damaged") from error
        self._check(self._zip.infolist())

    def names(self) -> list[str]:
        """The names of all parts."""
        return self._zip.namelist()

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part, None where there is no such part; no entity is expanded, nothing is fetched."""
        if name not in self._zip.namelist():
            return None
        data = self._unpacked(name)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<\x00!\x00D\x00O" in data or b"\x00<\x00!\x00D" in data:
            raise UnreadableError("part_entities", part=name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableError("part_damaged", part=name) from error
        if root.getroottree().docinfo.internalDTD is not None:  # written in an encoding that hid it above
            raise UnreadableError("part_entities", part=name)
        return root

    def _unpacked(self, name: str) -> bytes:
        """The bytes of a part, read no further than it may be large: the declared size can lie."""
        try:
            with self._zip.open(name) as part:
                data = part.read(_MEMBER_SIZE + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            RuntimeError,
            NotImplementedError,
            EOFError,
        ) as error:
            raise UnreadableError("part_damaged", part=name) from error
        if len(data) > _MEMBER_SIZE:
            raise UnreadableError("docx_too_large", part=name)
        return data

    @staticmethod
    def _check(parts: list[zipfile.ZipInfo]) -> None:
        names = [part.filename for part in parts]
        if len(parts) > _MEMBERS or len(set(names)) != len(names):
            raise UnreadableError("archive_foreign")
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableError("docx_encrypted")
        for part in parts:
            packed_well = part.file_size > _RATIO_MATTERS and part.file_size > _RATIO * max(part.compress_size, 1)
            if part.file_size > _MEMBER_SIZE or packed_well:
                raise UnreadableError("docx_too_large", part=part.filename)
        if sum(part.file_size for part in parts) > _WHOLE_SIZE:
            raise UnreadableError("docx_too_large")
