"""A picture that anybody may see: its points of colour and nothing else.

A photo says where and when it was taken, with which telephone, and sometimes holds a second picture that shows what
was cut away from the first. So nothing of the file is kept: it is painted anew.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import warnings
from typing import TYPE_CHECKING

from cowork.core.errors import InvalidImport

if TYPE_CHECKING:
    from PIL import Image

#: Bytes. A telephone's photo has five to fifteen million.
MAX_PICTURE_BYTES = 20 * 1024 * 1024
#: Points that are unfolded at once: a telephone's whole photo, and no more. A file of a few bytes can hold any number
#: of equal points, and each takes four bytes or eight while it is painted.
MAX_PIXELS = 13_000_000
#: Points of a JPEG, which is made smaller while it is unfolded: only what is left of it takes room.
MAX_JPEG_PIXELS = 50_000_000
#: The longer side, in points: handwriting on a whiteboard can still be read.
MAX_SIDE_PIXELS = 1600
JPEG_QUALITY = 82
PICTURE_TYPE = "image/jpeg"
_PICTURE_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "HEIF")
"""What a reader of pictures may be asked for: each further kind is further code that a strange file can reach."""


def clean_picture(data: bytes) -> tuple[bytes, str]:
    """The picture as a JPEG of at most LONGEST_SIDE, upright, without a word about it; and its type.

    Raises InvalidImport where this is no picture, or one that is too large.
    """
    if len(data) > MAX_PICTURE_BYTES:
        raise _too_large()
    from PIL import Image, ImageOps  # here, so that a page without pictures does not load it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_readable_formats()) as found:
                _check_pixels(found)  # before a single one is unfolded
                found.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
                return _repainted(ImageOps.exif_transpose(found)), PICTURE_TYPE
    except InvalidImport:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise _too_large() from None
    except Exception:
        # Readers of pictures fail in every way there is when a file is damaged or made to harm.
        raise InvalidImport("error.picture_kind") from None


def _check_pixels(found: Image.Image) -> None:
    """Raise where unfolding the picture would take more room than MOST_POINTS do; a JPEG is asked to come smaller.

    A JPEG that comes in passes is held whole whatever it is asked, and one that is long and thin comes as it is.
    """
    points = found.width * found.height
    in_passes = bool(found.info.get("progressive") or found.info.get("progression"))
    if found.format in ("JPEG", "MPO") and not in_passes and points <= MAX_JPEG_PIXELS:
        found.draft("RGB", (MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
        points = found.width * found.height
    if points > MAX_PIXELS:
        raise _too_large()


def _repainted(picture: Image.Image) -> bytes:
    """On a new white ground: a copy would take the file's own words, profiles and hidden pictures along."""
    from PIL import Image  # heavy: only where a picture comes

    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda grey: grey / 256).convert("L")  # convert alone makes white of nearly all of it
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture.convert("RGB"), mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    out = io.BytesIO()
    ground.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()


def _readable_formats() -> tuple[str, ...]:
    """Those of our kinds that this machine can read: HEIF, as telephones write it, only with its own package."""
    from PIL import Image  # heavy: only where a picture comes

    with contextlib.suppress(ImportError):
        importlib.import_module("pillow_heif").register_heif_opener()
    Image.init()
    return tuple(kind for kind in _PICTURE_FORMATS if kind in Image.OPEN)


def _too_large() -> InvalidImport:
    return InvalidImport("error.picture_big", n=MAX_PICTURE_BYTES // 1024 // 1024)
