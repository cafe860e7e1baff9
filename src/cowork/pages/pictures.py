"""Pictures of a drawing or a wall: painted anew on the device and here, so that no place and no time goes along."""

from __future__ import annotations

import base64
from typing import Any

from cowork.core.errors import CoworkError
from cowork.core.seen import Contribution, Seen
from cowork.pages.cards import card
from cowork.pages.forms import who_sees
from cowork.widgets import Ask, Sent, Upload, Wall
from cowork.workbook import Here, refused

#: Bytes of a picture as it may be sent; what is kept is smaller.
LARGEST = 8 * 1024 * 1024
#: One text in a body is at most 100,000 code points, so the picture stands there in pieces.
PIECE = 96_000


def pictures(here: Here) -> list[Any]:
    """A way to add a picture with words that say what it shows, and the pictures there are."""
    say = here.say
    waiting: dict[str, Any] = {}
    upload = Upload(
        label=say("documentation.image"),
        hint=say("documentation.image_hint"),
        accept="image/*",
        largest=LARGEST,
        image=True,
    )
    ask = Ask(box="documentation:image", wheel="alignment", level=2, button=say("common.share_group"), kind="image")
    wall = Wall(wheel="alignment", level=2)

    def chosen(name: str, data: bytes) -> str:
        from cowork.imports.picture import clean  # Pillow: only where a picture comes

        waiting["data"], waiting["type"] = clean(data)
        show()
        return say("documentation.image_ready")

    def show() -> None:
        ready = bool(waiting)
        ask.question = say("documentation.image_label") if ready else ""
        ask.fields = (
            [{"key": "text", "label": say("documentation.image_label"), "quiet": True, "rows": 2, "required": True}]
            if ready
            else []
        )
        ask.choices, ask.seen_by_choice = who_sees(here, here.seen, "documentation") if ready else ([], {})

    def share(sent: Sent) -> None:
        try:
            if sent.id not in here.record.state(here.workshop).entries:
                if not waiting:
                    raise CoworkError("error.picture_again")
                if not sent.text.strip():
                    raise CoworkError("error.picture_words")
                here.add("image", sent, type=waiting["type"], data=pieces(waiting["data"]))
        except CoworkError as error:
            raise refused(error, here.lang, "text") from error
        waiting.clear()
        show()

    def tell(now: Seen) -> None:
        found = [c for c in now.of_kind("image") if c.standing == "here" or c.mine]
        wall.heading = say("documentation.images_h") if found else ""
        wall.items = [image_card(here, now, c) for c in reversed(found)]

    def fetch(message: dict[str, Any]) -> None:
        """Bytes are sent for what is looked at, and only to somebody who may see it now."""
        found = here.seen.of_id(str(message.get("id", "")))
        if found is None or found.kind != "image" or not found.entry.data.get("data"):
            return
        entry = found.entry
        wall.send({"image": found.id, "type": str(entry.data.get("type", ""))}, [whole(entry.data["data"])])

    upload.on_file(chosen)
    ask.on_shared(share)
    wall.on_do("image", fetch)
    show()
    here.follow(tell)
    return [wall, upload, ask]


def image_card(here: Here, seen: Seen, c: Contribution) -> dict[str, Any]:
    """A picture with its words. Where a record holds the words alone (a practice workshop), they stand alone."""
    found = card(here, seen, c)
    if c.entry.data.get("data"):
        found["image"] = {"id": c.id, "alt": c.text}
    return found


def pieces(data: bytes) -> list[str]:
    text = base64.b64encode(data).decode("ascii")
    return [text[i : i + PIECE] for i in range(0, len(text), PIECE)]


def whole(found: object) -> bytes:
    return base64.b64decode("".join(str(piece) for piece in found)) if isinstance(found, list) else b""
