"""Bringing in talk that was recorded: a file is read and shown, and enters only where somebody says yes to it.

What was read is held in that person's own process until they say yes or no, choose another file or leave the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cowork.context import PageContext, Rejected, error_message
from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import CoworkError, ImportError_, NotAllowed
from cowork.imports import detect, importer
from cowork.imports.encoding import MAX_FILE_BYTES
from cowork.imports.preview import offers, summary
from cowork.imports.transcript import Transcript
from cowork.widgets import Choice, Form, Prose, Submission, Upload

#: What a file says of itself where nobody knows how its letters are written.
UNSURE = ("import.encoding", "import.encoding_unsure")
#: So many voices are shown by name; a file that is read wrongly may seem to have thousands.
MAX_LISTED_VOICES = 40


@dataclass
class UploadedFile:
    """A file that has come and is not brought in. Nothing of it stands in a trait but the lines that are shown."""

    talk: Transcript | None = None
    voices: int = 0  # the highest number a voice here had when the talk was shown
    name: str = ""
    data: bytes = b""  # kept only where its letters are asked for
    letters: list[dict[str, str]] = field(default_factory=list)
    encoding: str = ""
    fault: str = ""  # why the file cannot be read with the letters that were chosen

    def clear(self) -> None:
        self.talk, self.data, self.letters = None, b"", []
        self.name = self.encoding = self.fault = ""

    @property
    def box(self) -> str:
        """A name for what is written about this file: what was agreed for one talk is never said of another."""
        return self.talk.source[:16] if self.talk else ""


def transcript_upload(context: PageContext) -> list[Any]:
    """A way to bring in a file with talk, for those who may; what it holds is shown before anything enters."""
    if context.unseen or context.writing_for or not _may(context):
        return []
    say, held = context.t, UploadedFile()
    upload = Upload(
        fold=say("bringing.h"),
        label=say("bringing.label"),
        hint=say("bringing.hint"),
        accept=".vtt,.txt",
        largest=MAX_FILE_BYTES,
    )
    quiet: dict[str, Any] = {"quick": True, "quiet_button": True, "level": 2, "wheel": "alignment", "kind": "episode"}
    letters = Choice()
    found = Prose()
    sure = Form(box="dialogue:bring", **quiet)
    leave = Form(box="dialogue:leave", done=say("import.nothing_entered"), **quiet)

    def show() -> None:
        ask_encoding(context, letters, held)
        found.blocks = blocks(context, held)
        ask_confirmation(context, sure, held)
        leave.button = say("bringing.no") if held.talk or held.letters else ""

    def chosen(name: str, data: bytes) -> str:
        held.clear()
        show()
        importer.check_import_permission(context.record.state(context.workshop), context.me)
        try:
            held.talk = read(context, data, name)
        except ImportError_ as error:
            held.letters = offers(data, context.lang) if error.key in UNSURE else []
            if not held.letters:
                raise
            held.name, held.data = name, data
        show()
        return say("bringing.letters_note", name=name) if held.letters else found_line(context, held)

    def spelled(message: dict[str, Any]) -> None:
        if not held.letters:
            return
        held.talk, held.encoding, held.fault = None, str(message["value"]), ""
        try:
            held.talk = read(context, held.data, held.name, held.encoding)
        except CoworkError as error:
            held.fault = error_message(error, context.lang)
        show()
        if context.session is not None:  # a sentence for those who do not see that something came below
            context.session.shell.announce(held.fault or found_line(context, held))

    def yes(submission: Submission) -> str:
        if not _brought(context, submission.id):  # else the answer was lost on its way, and is asked for again
            if held.talk is None:
                raise Rejected(say("bringing.gone"))
            agreed = submission.fields.get(f"agreed_{held.box}", "")
            importer.import_transcript(
                context.record, context.workshop, held.talk, by=context.me, agreed=agreed, episode=submission.id
            )
        held.clear()
        show()
        context.feed.poll()
        return say("bringing.done", n=_brought(context, submission.id))

    def no(submission: Submission) -> None:
        held.clear()
        show()

    def tell(view: ParticipantView) -> None:
        if held.talk is not None and held.voices != importer.last_voice_number(view.state):
            show()  # other talk was brought in meanwhile: these voices get other numbers

    upload.on_file(chosen)
    letters.on_message("chose", spelled)
    sure.on_submit(yes)
    leave.on_submit(no)
    show()
    context.follow(tell)
    return [upload, letters, found, sure, leave]


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


def read(context: PageContext, data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """The talk in a file. Raises with the words for a person where there is none, or where it is here already."""
    talk = detect.read_transcript(data, name, encoding)
    if importer.already_imported(context.record.state(context.workshop), talk.source):
        raise ImportError_("import.already")
    return talk


def found_line(context: PageContext, held: UploadedFile) -> str:
    return context.t("bringing.read", name=held.talk.name, n=len(held.talk.utterances)) if held.talk else ""


def ask_encoding(context: PageContext, choice: Choice, held: UploadedFile) -> None:
    """How the letters are written, each way with words as they then read; asked on, so that another can be tried."""
    choice.legend = context.t("bringing.letters_h") if held.letters else ""
    choice.hint = context.t("bringing.letters_hint") if held.letters else ""
    choice.options = [{"value": o["value"], "label": o["label"], "hint": o["sample"]} for o in held.letters]
    choice.value = held.encoding


def ask_confirmation(context: PageContext, ask: Form, held: UploadedFile) -> None:
    """Yes to what is shown, with what was agreed about the names in it."""
    say, talk = context.t, held.talk
    named = talk is not None and any(speaker is not None for speaker in talk.speakers)
    agreed = {"key": f"agreed_{held.box}", "label": say("bringing.agreed"), "hint": say("bringing.agreed_hint")}
    ask.question = say("bringing.sure_h") if talk else ""
    ask.fields = [{**agreed, "rows": 2}] if named else []
    ask.button = say("bringing.yes") if talk else ""
    ask.seen = [say("seen.group")] if talk else []
    if talk:  # after the field: by this name the browser finds what was typed for this file before
        ask.box = f"dialogue:bring:{held.box}"


def blocks(context: PageContext, held: UploadedFile) -> list[dict[str, Any]]:
    """What was found in a file, as the command shows it too; nothing where there is none."""
    if held.fault:
        return [{"h": context.t("import.summary.h", name=held.name), "level": 2}, {"inset": held.fault}]
    if held.talk is None:
        return []
    state = context.record.state(context.workshop)
    held.voices = importer.last_voice_number(state)
    shown = summary(held.talk, held.voices, context.lang, twin=importer.find_duplicate(state, held.talk))
    voices = [voice["text"] for voice in shown["voices"]]
    more = len(voices) - MAX_LISTED_VOICES
    voices = [*voices[:MAX_LISTED_VOICES], *([context.t("bringing.voices_more", n=more)] if more > 0 else [])]
    turns = [[" · ".join(filter(None, (t["voice"], t["at"]))), t["text"]] for t in (*shown["first"], shown["last"])]
    return [
        {"h": shown["h"], "level": 2},
        *([{"inset": shown["look"]}] if shown["look"] else []),
        {"list": shown["lines"]},
        {"h": context.t("bringing.voices_h"), "level": 3},
        {"list": voices},
        *({"hint": line} for line in (shown["names"], shown["inside"]) if line),
        {"h": shown["first_h"], "level": 3},
        {"terms": turns[:-1]},
        {"h": shown["last_h"], "level": 3},
        {"terms": turns[-1:]},
    ]
