"""Pictures of a drawing or a wall. Each is redrawn on the device and here, so that no place and no time goes along."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import CoworkError
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.fields import draw_fields, field_limits
from cowork.pages.kit.forms import visibility_fields
from cowork.pages.submissions import submit
from cowork.widgets import CardList, Component, Form, Submission, Upload
from cowork.widgets.types import CardItem, Field, Message

#: Bytes of a picture as it may be sent; what is kept is smaller.
MAX_IMAGE_BYTES = 8 * 1024 * 1024
#: One text in a body is at most 100,000 code points, so the picture stands there in pieces.
PIECE = 96_000

FIELDS = (Field(key="text", label="documentation.image_label", quiet=True, rows=2, required=True),)


@dataclass
class UploadedImage:
    """A picture that was uploaded and is not shared yet."""

    type: str = ""
    data: bytes = b""

    def clear(self) -> None:
        self.type, self.data = "", b""


def images(context: PageContext) -> list[Component]:
    """A way to add a picture with words that say what it shows, and the pictures there are."""
    t = context.t
    uploaded = context.page_state(UploadedImage)
    upload = Upload(
        label=t("documentation.image"),
        hint=t("documentation.image_hint"),
        accept="image/*",
        largest=MAX_IMAGE_BYTES,
        image=True,
    )
    ask = Form(box="documentation:image", wheel="alignment", level=2, button=t("common.share_group"), kind="image")
    card_list = CardList(wheel="alignment", level=2)

    def on_image(name: str, data: bytes) -> str:
        from cowork.imports.picture import clean_picture  # Pillow: only where a picture comes

        uploaded.data, uploaded.type = clean_picture(data)
        show_form()
        return t("documentation.image_ready")

    def show_form() -> None:
        ready = bool(uploaded.data)
        ask.question = t("documentation.image_label") if ready else ""
        ask.fields = draw_fields(context, FIELDS) if ready else []
        asked = visibility_fields(context, context.view, "documentation") if ready else ([], {})
        ask.choices, ask.seen_by_choice = asked

    def render(view: ParticipantView) -> None:
        if bool(ask.fields) != bool(uploaded.data):
            show_form()
        found = [
            contribution for contribution in view.of_kind("image") if contribution.is_active or contribution.is_mine
        ]
        card_list.heading = t("documentation.images_h") if found else ""
        card_list.items = [image_card(context, view, contribution) for contribution in reversed(found)]

    def send_image(message: Message) -> None:
        """Send the bytes of a picture that is on the screen, and only to somebody who may see it now."""
        found = context.view.of_id(str(message.get("id", "")))
        if found is None or found.kind != "image" or not found.entry.data.get("data"):
            return
        entry = found.entry
        card_list.send({"image": found.id, "type": str(entry.data.get("type", ""))}, [join_pieces(entry.data["data"])])

    upload.on_file(on_image)
    card_list.on_message("image", send_image)
    context.follow(render)
    return [card_list, upload, ask]


@submit("documentation:image", field="text", fields=field_limits(FIELDS))
def add_image(context: PageContext, submission: Submission) -> None:
    """Write a picture with its words. Where they come without their page, the picture has to be chosen again."""
    uploaded = context.page_state(UploadedImage)
    if submission.id not in context.record.state(context.workshop).entries:
        if not uploaded.data:
            raise CoworkError("error.picture_again")
        if not submission.text.strip():
            raise CoworkError("error.picture_words")
        context.append("image", submission, type=uploaded.type, data=split_pieces(uploaded.data))
    uploaded.clear()
    context.refresh()


def image_card(context: PageContext, view: ParticipantView, contribution: Contribution) -> CardItem:
    """A picture with its words. A practice workshop holds the words alone, and then the card shows only them."""
    found = make_card(context, view, contribution)
    if contribution.entry.data.get("data"):
        found["image"] = {"id": contribution.id, "alt": contribution.text}
    return found


def split_pieces(data: bytes) -> list[str]:
    text = base64.b64encode(data).decode("ascii")
    return [text[i : i + PIECE] for i in range(0, len(text), PIECE)]


def join_pieces(found: object) -> bytes:
    return base64.b64decode("".join(str(piece) for piece in found)) if isinstance(found, list) else b""
