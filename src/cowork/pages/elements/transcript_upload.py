"""Importing recorded talk: a file is read and shown, and it enters the record only after somebody has confirmed it.

Until then what was read is in that person's own process alone. It goes when they decline, choose another file or leave
the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cowork.context import PageContext, Rejected, error_message
from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import CoworkError, InvalidImport, NotAllowed
from cowork.imports import detect, importer
from cowork.imports.encoding import MAX_FILE_BYTES
from cowork.imports.preview import encoding_options, preview_transcript
from cowork.imports.transcript import Transcript
from cowork.pages.submissions import submit
from cowork.widgets import Choice, Component, Form, Prose, Submission, Upload
from cowork.widgets.types import Block, Message

#: What a file says of itself where nobody knows how its letters are written.
UNSURE = ("import.encoding", "import.encoding_unsure")
#: So many voices are shown by name; a file that is read wrongly may seem to have thousands.
MAX_LISTED_VOICES = 40


@dataclass
class UploadedFile:
    """A file that was uploaded and is not imported. Traits hold nothing of it but the lines that are shown."""

    talk: Transcript | None = None
    voices: int = 0  # the highest number a voice here had when the talk was shown
    name: str = ""
    data: bytes = b""  # kept only where its letters are asked for
    letters: list[dict[str, str]] = field(default_factory=list)
    encoding: str = ""
    fault: str = ""  # why the file cannot be read with the letters that were chosen
    cleared: bool = False  # and the page still shows it

    def clear(self) -> None:
        self.talk, self.data, self.letters = None, b"", []
        self.name = self.encoding = self.fault = ""
        self.cleared = True

    @property
    def box(self) -> str:
        """The name of the boxes for this file: what was agreed for one talk is never used for another."""
        return self.talk.source[:16] if self.talk else ""


def transcript_upload(context: PageContext) -> list[Component]:
    """A way to import a file with talk, for those who may; what it holds is shown before anything enters."""
    if context.writing_for or not _may(context):
        return []
    t, held = context.t, context.page_state(UploadedFile)
    upload = Upload(
        fold=t("bringing.h"),
        label=t("bringing.label"),
        hint=t("bringing.hint"),
        accept=".vtt,.txt",
        largest=MAX_FILE_BYTES,
    )
    quiet: dict[str, Any] = {"quick": True, "quiet_button": True, "level": 2, "wheel": "alignment", "kind": "episode"}
    letters = Choice()
    found = Prose()
    sure = Form(box="dialogue:bring", **quiet)
    leave = Form(box="dialogue:leave", done=t("import.nothing_entered"), **quiet)

    def show_file() -> None:
        show_encodings(context, letters, held)
        found.blocks = file_blocks(context, held)
        show_confirmation(context, sure, held)
        leave.button = t("bringing.no") if held.talk or held.letters else ""

    def on_file(name: str, data: bytes) -> str:
        held.clear()
        show_file()
        read_upload(context, held, name, data)
        show_file()
        return t("bringing.letters_note", name=name) if held.letters else found_line(context, held)

    def on_encoding(message: Message) -> None:
        if held.letters:
            read_again(context, held, str(message["value"]))
            show_file()
            # A sentence for those who do not see that something came below.
            context.session.speak(held.fault or found_line(context, held))

    def render(view: ParticipantView) -> None:
        # Other talk may have been imported meanwhile: these voices get other numbers.
        renumbered = held.talk is not None and held.voices != importer.last_voice_number(view.state)
        if renumbered or held.cleared:
            held.cleared = False
            show_file()

    upload.on_file(on_file)
    letters.on_message("chose", on_encoding)
    show_file()
    context.follow(render)
    return [upload, letters, found, sure, leave]


def read_upload(context: PageContext, held: UploadedFile, name: str, data: bytes) -> None:
    """Read a file that has come. Where its encoding is uncertain, hold it until somebody has chosen one."""
    importer.check_import_permission(context.record.state(context.workshop), context.me)
    try:
        held.talk = read_new(context, data, name)
    except InvalidImport as error:
        held.letters = encoding_options(data, context.lang) if error.key in UNSURE else []
        if not held.letters:
            raise
        held.name, held.data = name, data


def read_again(context: PageContext, held: UploadedFile, encoding: str) -> None:
    """Read the file in the encoding that was chosen."""
    held.talk, held.encoding, held.fault = None, encoding, ""
    try:
        held.talk = read_new(context, held.data, held.name, encoding)
    except CoworkError as error:
        held.fault = error_message(error, context.lang)


@submit("dialogue:bring*", replay=False)
def import_uploaded(context: PageContext, submission: Submission) -> str:
    """Import the talk that was shown, with what was agreed about the names in it."""
    held = context.page_state(UploadedFile)
    if not _brought(context, submission.id):  # else the answer was lost on its way, and is asked for again
        if held.talk is None:
            raise Rejected(context.t("bringing.gone"))
        agreed = submission.fields.get(f"agreed_{held.box}", "")
        importer.import_transcript(
            context.record, context.workshop, held.talk, by=context.me, agreed=agreed, episode=submission.id
        )
    held.clear()
    context.feed.poll()
    context.refresh()
    return context.t("bringing.done", n=_brought(context, submission.id))


@submit("dialogue:leave", replay=False)
def discard_uploaded(context: PageContext, submission: Submission) -> None:
    """Forget the file that was read: nothing of it enters."""
    context.page_state(UploadedFile).clear()
    context.refresh()


def _may(context: PageContext) -> bool:
    try:
        importer.check_import_permission(context.record.state(context.workshop), context.me)
    except NotAllowed:
        return False
    return True


def _brought(context: PageContext, episode: str) -> int:
    """How many turns came in with this press of the button; nought where it has not been answered before."""
    state = context.record.state(context.workshop)
    return sum(entry.header.episode == episode for entry in state.of_kind("utterance"))


def read_new(context: PageContext, data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """The talk in a file. Raises with the words for a person where there is none, or where it is here already."""
    talk = detect.read_transcript(data, name, encoding)
    if importer.already_imported(context.record.state(context.workshop), talk.source):
        raise InvalidImport("import.already")
    return talk


def found_line(context: PageContext, held: UploadedFile) -> str:
    return context.t("bringing.read", name=held.talk.name, n=len(held.talk.utterances)) if held.talk else ""


def show_encodings(context: PageContext, choice: Choice, held: UploadedFile) -> None:
    """Ask for the encoding, each with words as they then read. The question stays, so that another can be tried."""
    choice.legend = context.t("bringing.letters_h") if held.letters else ""
    choice.hint = context.t("bringing.letters_hint") if held.letters else ""
    choice.options = [
        {"value": offer["value"], "label": offer["label"], "hint": offer["sample"]} for offer in held.letters
    ]
    choice.value = held.encoding


def show_confirmation(context: PageContext, ask: Form, held: UploadedFile) -> None:
    """Ask to confirm what is shown, and what was agreed about the names in it."""
    t, talk = context.t, held.talk
    named = talk is not None and any(speaker is not None for speaker in talk.speakers)
    agreed = {"key": f"agreed_{held.box}", "label": t("bringing.agreed"), "hint": t("bringing.agreed_hint")}
    ask.question = t("bringing.sure_h") if talk else ""
    ask.fields = [{**agreed, "rows": 2}] if named else []
    ask.button = t("bringing.yes") if talk else ""
    ask.seen = [t("seen.group")] if talk else []
    if talk:  # after the field: by this name the browser finds what was typed for this file before
        ask.box = f"dialogue:bring:{held.box}"


def file_blocks(context: PageContext, held: UploadedFile) -> list[Block]:
    """What was found in a file, in the lines that the command shows too; nothing where there is no file."""
    if held.fault:
        return [{"h": context.t("import.summary.h", name=held.name), "level": 2}, {"inset": held.fault}]
    if held.talk is None:
        return []
    state = context.record.state(context.workshop)
    held.voices = importer.last_voice_number(state)
    shown = preview_transcript(
        held.talk, held.voices, context.lang, duplicate=importer.find_duplicate(state, held.talk)
    )
    voices = [voice["text"] for voice in shown["voices"]]
    more = len(voices) - MAX_LISTED_VOICES
    voices = [*voices[:MAX_LISTED_VOICES], *([context.t("bringing.voices_more", n=more)] if more > 0 else [])]
    turns = [
        [" · ".join(filter(None, (turn["voice"], turn["at"]))), turn["text"]]
        for turn in (*shown["first"], shown["last"])
    ]
    return [
        {"h": shown["h"], "level": 2},
        *([Block(inset=shown["look"])] if shown["look"] else []),
        {"list": shown["lines"]},
        {"h": context.t("bringing.voices_h"), "level": 3},
        {"list": voices},
        *(Block(hint=line) for line in (shown["names"], shown["inside"]) if line),
        {"h": shown["first_h"], "level": 3},
        {"terms": turns[:-1]},
        {"h": shown["last_h"], "level": 3},
        {"terms": turns[-1:]},
    ]
