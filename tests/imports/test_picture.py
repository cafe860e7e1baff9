"""A picture leaves everything behind but what it shows."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest

from cowork.core.errors import InvalidImport
from cowork.imports import picture
from cowork.imports.picture import MAX_SIDE_PIXELS, clean_picture
from cowork.text import translate

Image = pytest.importorskip("PIL.Image")

SECRET = "Kastanjegatan 7, Lund"
ROTATED = 6  # the telephone was held upright: turn a quarter to the right


def photo(size: tuple[int, int] = (640, 480), orientation: int = 1) -> bytes:
    """As a telephone writes it: place, time, maker, a comment, a profile, and a small picture of before the cut."""
    made = Image.new("RGB", size, (200, 60, 40))
    made.paste((20, 60, 200), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker of telephones"
    exif[0x9286] = SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 42.0, 14.5), 3: "E", 4: (13.0, 11.0, 28.0), 29: "2026:01:30"})
    out = io.BytesIO()
    made.save(out, "JPEG", exif=exif, comment=SECRET, icc_profile=b"profile of one telephone", quality=90)
    return out.getvalue()


def saved(made: Any, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


def segments(data: bytes) -> set[int]:
    """The marks of a JPEG's segments up to the picture itself: 0xE1 is Exif and XMP, 0xFE a comment."""
    found, at = set(), 2
    while data[at + 1] != 0xDA:
        found.add(data[at + 1])
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return found


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidImport) as refused:
        clean_picture(data)
    return translate(refused.value.key, "en", **refused.value.values)


def test_the_photo_of_these_tests_says_where_it_was_taken() -> None:
    data = photo()
    assert b"Exif" in data and SECRET.encode() in data and {0xE1, 0xE2, 0xFE} <= segments(data)
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)[2] == (55.0, 42.0, 14.5)


def test_no_place_no_time_no_comment_is_left_in_the_bytes() -> None:
    data, kind = clean_picture(photo())
    assert kind == "image/jpeg"
    for word in (b"Exif", b"GPS", b"XMP", b"ICC", SECRET.encode(), b"Maker", b"2026"):
        assert word not in data, word
    # What a JPEG needs and nothing else: its head, its tables, its frame.
    assert segments(data) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4}
    left = Image.open(io.BytesIO(data))
    assert not left.getexif() and "comment" not in left.info and "icc_profile" not in left.info


def test_what_comes_after_the_picture_in_the_file_is_left_behind() -> None:
    assert SECRET.encode() not in clean_picture(photo() + SECRET.encode())[0]


def test_words_in_a_png_are_left_behind_too() -> None:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Location", SECRET)
    words.add_itxt("XML:com.adobe.xmp", SECRET)
    data = saved(Image.new("RGB", (20, 20)), "PNG", pnginfo=words)
    assert SECRET.encode() in data
    assert SECRET.encode() not in clean_picture(data)[0]


def test_a_photo_stands_upright_as_its_own_note_says() -> None:
    turned = Image.open(io.BytesIO(clean_picture(photo((640, 480), ROTATED))[0]))
    assert turned.size == (480, 640)
    top, below = turned.getpixel((240, 100)), turned.getpixel((240, 540))
    assert top[2] > top[0] and below[0] > below[2], "left has become top"


@pytest.mark.parametrize(("size", "becomes"), [((4000, 3000), (1600, 1200)), ((300, 200), (300, 200))])
def test_a_large_picture_becomes_smaller_and_a_small_one_stays(size: tuple[int, int], becomes: tuple[int, int]) -> None:
    assert Image.open(io.BytesIO(clean_picture(photo(size))[0])).size == becomes
    assert max(becomes) <= MAX_SIDE_PIXELS


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "JPEG"),
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("RGBA", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("RGB", "WEBP"),
        ("RGBA", "WEBP"),
    ],
)
def test_every_kind_of_picture_that_people_have_is_taken(mode: str, kind: str) -> None:
    left = Image.open(io.BytesIO(clean_picture(saved(Image.new(mode, (30, 20)), kind))[0]))
    assert (left.format, left.mode, left.size) == ("JPEG", "RGB", (30, 20))


def test_where_one_sees_through_it_is_white() -> None:
    clear = saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")
    assert Image.open(io.BytesIO(clean_picture(clear)[0])).getpixel((4, 4)) == (255, 255, 255)


def test_the_grey_of_a_scanner_stays_grey() -> None:
    half = saved(Image.new("I;16", (8, 8), 2**15), "PNG")
    assert abs(Image.open(io.BytesIO(clean_picture(half)[0])).getpixel((4, 4))[0] - 128) < 3


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert clean_picture(photo()) == clean_picture(photo())
    assert clean_picture(clean_picture(photo())[0])[1] == "image/jpeg"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0",
        photo()[:2000],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        saved(Image.new("RGB", (9, 9)), "BMP"),
        saved(Image.new("RGB", (9, 9)), "TIFF"),
        saved(Image.new("RGB", (9, 9)), "GIF"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
    ids=["nothing", "transcript", "pdf", "head only", "cut off", "svg", "bmp", "tiff", "gif", "eps"],
)
def test_what_is_no_photo_is_refused_in_words(data: bytes) -> None:
    assert refusal(data) == translate("error.picture_kind", "en")


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000], ids=["ours", "warned of", "refused by the reader"])
def test_a_small_file_that_would_unfold_to_a_huge_picture_is_refused(
    side: int, recwarn: pytest.WarningsRecorder
) -> None:
    assert "too large" in refusal(bomb(side, side))
    assert not recwarn.list


@pytest.mark.parametrize(
    ("kind", "size", "how"),
    [
        ("WEBP", (3700, 3700), {}),
        ("PNG", (3700, 3700), {}),
        ("JPEG", (3700, 3700), {"progressive": True}),
        ("JPEG", (30_000, 500), {}),  # too thin to be made smaller while it is unfolded
    ],
)
def test_what_cannot_be_unfolded_smaller_has_at_most_the_points_of_a_telephones_photo(
    kind: str, size: tuple[int, int], how: dict[str, Any]
) -> None:
    data = saved(Image.new("RGB", size), kind, **how)
    assert len(data) < 500_000 and "too large" in refusal(data)


def test_a_large_photo_is_unfolded_smaller_than_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(Image.new("RGB", (7000, 5000)), "JPEG")
    monkeypatch.setattr(picture, "MAX_PIXELS", 9_000_000)  # of the 35 million that it has
    assert Image.open(io.BytesIO(clean_picture(data)[0])).size == (1600, 1143)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MAX_PICTURE_BYTES", 1000)
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("read"))
    assert "too large" in refusal(b"x" * 1001)
