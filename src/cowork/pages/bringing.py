"""Bringing in talk that was recorded: a file is read and shown, and enters only where somebody says yes to it.

What was read is held in that person's own process until they say yes or no, choose another file or leave the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cowork.core.errors import CoworkError, ImportError_, NotAllowed
from cowork.core.seen import Seen
from cowork.imports import bring, reading
from cowork.imports.letters import LARGEST
from cowork.imports.summary import offers, summary
from cowork.imports.transcript import Transcript
from cowork.widgets import Ask, Choice, Prose, Sent, Upload
from cowork.workbook import Here, Refused, said

#: What a file says of itself where nobody knows how its letters are written.
UNSURE = ("import.encoding", "import.encoding_unsure")
#: So many voices are shown by name; a file that is read wrongly may seem to have thousands.
MOST_VOICES = 40


@dataclass
class Held:
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


def bringing(here: Here) -> list[Any]:
    """A way to bring in a file with talk, for those who may; what it holds is shown before anything enters."""
    if here.unseen or here.writing_for or not _may(here):
        return []
    say, held = here.say, Held()
    upload = Upload(
        fold=say("bringing.h"),
        label=say("bringing.label"),
        hint=say("bringing.hint"),
        accept=".vtt,.txt",
        largest=LARGEST,
    )
    quiet: dict[str, Any] = {"quick": True, "quiet_button": True, "level": 2, "wheel": "alignment", "kind": "episode"}
    letters = Choice()
    found = Prose()
    sure = Ask(box="dialogue:bring", **quiet)
    leave = Ask(box="dialogue:leave", done=say("import.nothing_entered"), **quiet)

    def show() -> None:
        ask_letters(here, letters, held)
        found.blocks = blocks(here, held)
        ask_sure(here, sure, held)
        leave.button = say("bringing.no") if held.talk or held.letters else ""

    def chosen(name: str, data: bytes) -> str:
        held.clear()
        show()
        bring.may_bring(here.record.state(here.workshop), here.me)
        try:
            held.talk = read(here, data, name)
        except ImportError_ as error:
            held.letters = offers(data, here.lang) if error.key in UNSURE else []
            if not held.letters:
                raise
            held.name, held.data = name, data
        show()
        return say("bringing.letters_note", name=name) if held.letters else found_line(here, held)

    def spelled(message: dict[str, Any]) -> None:
        if not held.letters:
            return
        held.talk, held.encoding, held.fault = None, str(message["value"]), ""
        try:
            held.talk = read(here, held.data, held.name, held.encoding)
        except CoworkError as error:
            held.fault = said(error, here.lang)
        show()
        if here.visit is not None:  # a sentence for those who do not see that something came below
            here.visit.shell.speak(held.fault or found_line(here, held))

    def yes(sent: Sent) -> str:
        if not _brought(here, sent.id):  # else the answer was lost on its way, and is asked for again
            if held.talk is None:
                raise Refused(say("bringing.gone"))
            agreed = sent.fields.get(f"agreed_{held.box}", "")
            bring.bring_in(here.record, here.workshop, held.talk, by=here.me, agreed=agreed, episode=sent.id)
        held.clear()
        show()
        here.feed.look()
        return say("bringing.done", n=_brought(here, sent.id))

    def no(sent: Sent) -> None:
        held.clear()
        show()

    def tell(now: Seen) -> None:
        if held.talk is not None and held.voices != bring.last_voice(now.state):
            show()  # other talk was brought in meanwhile: these voices get other numbers

    upload.on_file(chosen)
    letters.on_do("chose", spelled)
    sure.on_shared(yes)
    leave.on_shared(no)
    show()
    here.follow(tell)
    return [upload, letters, found, sure, leave]


def _may(here: Here) -> bool:
    try:
        bring.may_bring(here.record.state(here.workshop), here.me)
    except NotAllowed:
        return False
    return True


def _brought(here: Here, episode: str) -> int:
    """How many turns came in with this press of the button; nought where it has not been answered before."""
    state = here.record.state(here.workshop)
    return sum(entry.header.episode == episode for entry in state.of_kind("utterance"))


def read(here: Here, data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """The talk in a file. Raises with the words for a person where there is none, or where it is here already."""
    talk = reading.read(data, name, encoding)
    if bring.is_here(here.record.state(here.workshop), talk.source):
        raise ImportError_("import.already")
    return talk


def found_line(here: Here, held: Held) -> str:
    return here.say("bringing.read", name=held.talk.name, n=len(held.talk.utterances)) if held.talk else ""


def ask_letters(here: Here, choice: Choice, held: Held) -> None:
    """How the letters are written, each way with words as they then read; asked on, so that another can be tried."""
    choice.legend = here.say("bringing.letters_h") if held.letters else ""
    choice.hint = here.say("bringing.letters_hint") if held.letters else ""
    choice.options = [{"value": o["value"], "label": o["label"], "hint": o["sample"]} for o in held.letters]
    choice.value = held.encoding


def ask_sure(here: Here, ask: Ask, held: Held) -> None:
    """Yes to what is shown, with what was agreed about the names in it."""
    say, talk = here.say, held.talk
    named = talk is not None and any(speaker is not None for speaker in talk.speakers)
    agreed = {"key": f"agreed_{held.box}", "label": say("bringing.agreed"), "hint": say("bringing.agreed_hint")}
    ask.question = say("bringing.sure_h") if talk else ""
    ask.fields = [{**agreed, "rows": 2}] if named else []
    ask.button = say("bringing.yes") if talk else ""
    ask.seen = [say("seen.group")] if talk else []
    if talk:  # after the field: by this name the browser finds what was typed for this file before
        ask.box = f"dialogue:bring:{held.box}"


def blocks(here: Here, held: Held) -> list[dict[str, Any]]:
    """What was found in a file, as the command shows it too; nothing where there is none."""
    if held.fault:
        return [{"h": here.say("import.summary.h", name=held.name), "level": 2}, {"inset": held.fault}]
    if held.talk is None:
        return []
    state = here.record.state(here.workshop)
    held.voices = bring.last_voice(state)
    shown = summary(held.talk, held.voices, here.lang, twin=bring.twin(state, held.talk))
    voices = [voice["text"] for voice in shown["voices"]]
    more = len(voices) - MOST_VOICES
    voices = [*voices[:MOST_VOICES], *([here.say("bringing.voices_more", n=more)] if more > 0 else [])]
    turns = [[" · ".join(filter(None, (t["voice"], t["at"]))), t["text"]] for t in (*shown["first"], shown["last"])]
    return [
        {"h": shown["h"], "level": 2},
        *([{"inset": shown["look"]}] if shown["look"] else []),
        {"list": shown["lines"]},
        {"h": here.say("bringing.voices_h"), "level": 3},
        {"list": voices},
        *({"hint": line} for line in (shown["names"], shown["inside"]) if line),
        {"h": shown["first_h"], "level": 3},
        {"terms": turns[:-1]},
        {"h": shown["last_h"], "level": 3},
        {"terms": turns[-1:]},
    ]
