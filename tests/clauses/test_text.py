"""Bytes into text: encodings, media types by content, and clear refusals of what cannot be read."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses.text import LARGEST_FILE, LARGEST_TEXT, UnreadableError, read

RUSSIAN = "Стороны построят дорогу до конца года и откроют её для движения."
KAZAKH = "Тараптар жыл соңына дейін жол салып, оны қозғалысқа ашады, әрі күтеді."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866"]
)
def test_russian_is_read_in_any_usual_encoding(encoding: str) -> None:
    text = "\n".join([RUSSIAN] * 3) + "\n"
    assert read(text.replace("ё", "е").encode(encoding)).text == text.replace("ё", "е")


def test_kazakh_is_read_in_its_own_one_byte_encoding() -> None:
    assert read(KAZAKH.encode("kz1048")).text == KAZAKH


def test_english_with_printed_quotation_marks_is_read_as_western() -> None:
    assert read("The “Parties” of Zürich agreed – at last.".encode("cp1252")).text.startswith("The “Parties” of Zürich")


def test_a_guessed_encoding_is_told() -> None:
    assert "cp1251" in read(RUSSIAN.replace("ё", "е").encode("cp1251")).warnings[0]


def test_a_string_is_taken_as_it_is() -> None:
    assert read("1. One.\r\n2. Two.").text == "1. One.\r\n2. Two."


def test_line_breaks_of_a_file_become_one_kind() -> None:
    assert read(b"One.\r\nTwo.\rThree.\n").text == "One.\nTwo.\nThree.\n"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"Plain words.", "text/plain"),
        (b"<p>Words.</p>", "text/html"),
        (b"<!DOCTYPE html>\n<html><body>Words.</body></html>", "text/html"),
        (b"<?xml version='1.0'?><html><body><p>Words.</p></body></html>", "text/html"),
        (b"a < b and b > c", "text/plain"),
    ],
)
def test_the_media_type_is_told_by_content(data: bytes, media_type: str) -> None:
    assert read(data, name="treaty.docx").media_type == media_type


def _zipped(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return packed.getvalue()


def _encrypted_zip() -> bytes:
    data = bytearray(_zipped(word__document_xml=b"<a/>"))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


REFUSED = {
    "empty": (b"", "is empty"),
    "only white space": (b" \n\t ", "is empty"),
    "too large": (b"a" * (LARGEST_FILE + 1), "larger than 25 MB"),
    "too long a text": (b"a " * (LARGEST_TEXT // 2 + 1), "more than 5 million characters"),
    "binary": (bytes(range(256)) * 40, "binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n....", "a picture"),
    "a program": (b"MZ\x90\x00....", "a program"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old or encrypted"),
    "rich text": (b"{\\rtf1 words}", "RTF"),
    "an archive": (b"\x1f\x8b\x08....", "compressed archive"),
    "a broken zip": (b"PK\x03\x04" + b"x" * 100, "damaged archive"),
    "a zip of something else": (_zipped(notes_xml=b"<a/>"), "not a document"),
    "an encrypted zip": (_encrypted_zip(), "encrypted"),
    "a bomb": (_zipped(word__document_xml=b"<w:p/>" * 3_000_000), "unpacks to more"),
    "entities in DOCX": (_zipped(word__document_xml=b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'), "entities"),
    "entities in HTML": (b'<!DOCTYPE html [<!ENTITY e "x">]><html><body>&e;</body></html>', "entities"),
    "damaged xml": (_zipped(word__document_xml=b"<a><b></a>"), "damaged"),
    "a broken PDF": (b"%PDF-1.7\nnothing", "damaged"),
    "damaged UTF-16": (b"\xff\xfea\x00\x00\xd8b", "damaged"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_with_a_remedy(case: str) -> None:
    data, words = REFUSED[case]
    begun = time.monotonic()
    with pytest.raises(UnreadableError, match=words) as refused:
        read(data)
    assert refused.value.remedy.endswith(".")
    assert time.monotonic() - begun < 5


def test_a_refusal_names_the_file() -> None:
    with pytest.raises(UnreadableError, match=r"'treaty\.pdf' is empty"):
        read(b"", name="treaty.pdf")


def test_a_refusal_is_a_value_error() -> None:
    assert issubclass(UnreadableError, ValueError)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf", b"<p>"]),
    st.binary(max_size=400),
)
def test_no_bytes_bring_the_reader_down(start: bytes, rest: bytes) -> None:
    assert_read_or_refused(start + rest)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_damage_to_a_document_brings_the_reader_down(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(_samples()))
    spoilt = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    assert_read_or_refused(bytes(spoilt[: data.draw(st.integers(1, len(spoilt)))]))


def assert_read_or_refused(data: bytes) -> None:
    """Whatever the bytes, there is a text, or a refusal that says what to do."""
    remedies = ["read"]
    try:
        assert read(data).text.strip()
    except UnreadableError as refused:
        remedies = [refused.remedy]
    assert all(remedies)


def _samples() -> list[bytes]:
    folder = Path(__file__).parent / "cases" / "documents"
    return [path.read_bytes() for path in sorted(folder.iterdir())]
