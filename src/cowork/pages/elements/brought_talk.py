"""Talk that was brought in, on the Dialogue page: its turns as talk, a search in it, and what its reader leaves out.

Leaving out is for oneself: nothing changes in the record, and what is quoted or answered is always shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cowork.context import PageContext
from cowork.core.access.imported_talk import MAX_TARGETS, may_take_out, taken_out_by, turns_of
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.access.permissions import ACT_RELATIONS
from cowork.core.entries import Actor, Draft
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.provenance import place_of
from cowork.pages.kit.signatures import signature
from cowork.text.format import format_clock
from cowork.text.word_search import word_ranges
from cowork.widgets import Transcript
from cowork.widgets.types import CardItem, ImportedTalk, LeftOut, Message, Voice

#: How many turns a page shows at first, and how many more come when asked for.
FIRST_TURNS, MORE_TURNS = 30, 40
#: How many turns stand before the one that somebody wants to see in its place.
BEFORE = 3
#: A turn of at most so many words is short: "Yeah." and "Okay, great.", but no sentence.
SHORT_WORDS = 2


@dataclass
class TalkPosition:
    """Where a reader is in the talk: the words they search for, the voice they chose, and how much is shown."""

    words: str = ""
    voice: str = ""
    start: int = 0
    most: int = FIRST_TURNS
    around: str = ""  # a turn that is shown in its place: the words looked for are kept, to go back to them
    begin: str = ""  # the turn at which the talk begins for this reader
    short: bool = False  # short turns are left out

    @property
    def is_search(self) -> bool:
        return bool(self.words.strip() or self.voice) and not self.around


class BroughtTalk:
    """The part of the Dialogue page that shows brought-in talk. Nothing is seen of it until talk is brought in."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.position = TalkPosition()
        self.transcript = Transcript(wheel="alignment")
        self.move_to(context.view, context.at)
        on = self.transcript.on_message
        on("find", self._find)
        on("leave", self._leave_out)
        on("more", lambda message: self._show_more())
        on("before", lambda message: self._show_before())
        on("take_out", lambda message: take_out(context, str(message["source"])))
        on("put_back", lambda message: put_back(context, str(message["source"])))

    def move_to(self, view: ParticipantView, at: str) -> bool:
        """Show one turn with what was said before and after. Returns False where this reader may see no such turn."""
        target = view.of_id(at) if at else None
        if target is None or not target.source_place[0]:
            return False
        self.position.around = target.id
        turns = brought_turns(view)
        ids = [turn.id for turn in self._kept(turns, *self._leavable(view, turns))]
        if target.id not in ids:
            self.position.around = ""
            return False
        self.position.start, self.position.most = max(0, ids.index(target.id) - BEFORE), FIRST_TURNS
        return True

    def show(self, view: ParticipantView) -> None:
        """Draw what this reader sees of the talk now."""
        turns = brought_turns(view)
        shown = self.transcript
        shown.talks = self._talks(view, turns)
        if not turns:  # none was brought in, or all of it was erased or taken out
            shown.heading, shown.hint, shown.find, shown.items, shown.left = "", "", {}, [], {}
            shown.more_button = shown.before_button = ""
            if shown.talks:
                shown.heading = self.context.t("dialogue.brought_h")
            return
        position = self.position
        before, short = ([], []) if position.is_search else self._leavable(view, turns)
        if position.is_search:
            kept = [turn for turn in turns if _matches(turn, position)]
        else:
            kept = self._kept(turns, before, short)
        window = kept[position.start : position.start + position.most]
        after = len(kept) - position.start - len(window)
        names = dict.fromkeys(map(_source_name, turns))
        shown.heading = self.context.t("dialogue.brought_h")
        shown.hint = self.context.t("dialogue.from_import", name=", ".join(names))
        shown.find = self._search_form(view, turns, len(kept))
        shown.items = [self._item(view, turn) for turn in window]
        shown.total, shown.shown = len(kept), len(window)
        shown.left = {} if position.is_search else dict(self._left_out(before, short))
        shown.more_button = self.context.t("dialogue.more", n=min(MORE_TURNS, after)) if after > 0 else ""
        earlier = min(MORE_TURNS, position.start)
        shown.before_button = self.context.t("talk.before", n=earlier) if earlier else ""

    def _item(self, view: ParticipantView, turn: Contribution) -> CardItem:
        made = make_card(self.context, view, turn)
        # The heading says for all of them that they were brought in; when they were, nobody asks of each.
        made["when_text"] = ""
        made["note"] = [line for line in made["note"] if line != self.context.t("scribe.fidelity.imported")]
        made["voice"], made["source"] = turn.author, turn.source_place[1]
        if self.position.is_search:
            # From what was found, to the place itself with what was said before and after.
            made["href"] = place_of(self.context, "dialogue", turn.id)
            made["href_text"] = self.context.t("documentation.choose.context")
            made["apart"] = True
            made["found"] = word_ranges(turn.text, self.position.words.split())
        return made

    def _search_form(self, view: ParticipantView, turns: Sequence[Contribution], hits: int) -> dict[str, object]:
        t, position = self.context.t, self.position
        voices: dict[str, Voice] = {}
        for turn in turns:
            if turn.author not in voices:
                voices[turn.author] = Voice(id=turn.author, name=signature(self.context, view, turn), n=0)
            voices[turn.author]["n"] += 1
        result = t("dialogue.find_result", n=hits) if hits else t("empty.search")
        return {
            "on": True,
            "h": t("dialogue.find_h"),
            "q": position.words,
            "voice": position.voice,
            "label_q": t("dialogue.find_words"),
            "label_voice": t("dialogue.find_voice"),
            "label_all": t("dialogue.find_all"),
            "button": t("dialogue.find_button"),
            "voices": list(voices.values()),
            "result": result if position.is_search else "",
        }

    # ---- leaving out

    def _kept(
        self, turns: Sequence[Contribution], before: Sequence[Contribution], short: Sequence[Contribution]
    ) -> list[Contribution]:
        """The turns this reader wants to see, and all that anything rests on, answers, or leads to."""
        out = {turn.id for turn in before} | ({turn.id for turn in short} if self.position.short else set())
        return [turn for turn in turns if turn.id not in out]

    def _leavable(
        self, view: ParticipantView, turns: Sequence[Contribution]
    ) -> tuple[list[Contribution], list[Contribution]]:
        """(turns before the chosen beginning, short turns after it) that may be left out."""
        begin = next((n for n, turn in enumerate(turns) if turn.id == self.position.begin), 0)
        free = [
            (n, turn) for n, turn in enumerate(turns) if turn.id != self.position.around and not _has_use(view, turn)
        ]
        source = turns[begin].source_place[1] if turns else ""
        before: list[Contribution] = []
        after: list[Contribution] = []
        for n, turn in free:
            (before if n < begin and turn.source_place[1] == source else after).append(turn)
        return before, [turn for turn in after if len(turn.text.split()) <= SHORT_WORDS]

    def _left_out(self, before: Sequence[Contribution], short: Sequence[Contribution]) -> LeftOut:
        t, position = self.context.t, self.position
        found: LeftOut = {"begin": position.begin, "short": position.short, "lines": [], "short_button": ""}
        if before:
            found["lines"].append(
                {"key": "begin", "text": t("talk.left_before", n=len(before)), "button": t("talk.show_them")}
            )
        if short and position.short:
            found["lines"].append(
                {"key": "short", "text": t("talk.left_short", n=len(short)), "button": t("talk.show_them")}
            )
        elif short:
            found["short_button"] = t("talk.leave_short", n=len(short))
        return found

    # ---- presses

    def _find(self, message: Message) -> None:
        position = self.position
        position.words, position.voice = str(message.get("q", ""))[:200], str(message.get("voice", ""))[:60]
        position.start, position.most, position.around = 0, FIRST_TURNS, ""
        self.context.refresh()

    def _leave_out(self, message: Message) -> None:
        position = self.position
        begin, short = str(message["begin"]), bool(message["short"])
        if begin != position.begin:
            # A new beginning is where reading goes on, unless the reader stands at a place that a link led to.
            position.start, position.most = 0, max(position.most, FIRST_TURNS)
        position.begin, position.short = begin, short
        if position.around:
            self.move_to(self.context.view, position.around)
        self.context.refresh()

    def _show_more(self) -> None:
        self.position.most += MORE_TURNS
        self.context.refresh()

    def _show_before(self) -> None:
        moved = min(MORE_TURNS, self.position.start)
        self.position.start -= moved
        self.position.most += moved
        self.context.refresh()

    # ---- taking a talk out

    def _talks(self, view: ParticipantView, turns: Sequence[Contribution]) -> list[ImportedTalk]:
        """The talks that this reader may take out, and those they took out and may put back."""
        t = self.context.t
        if self.context.writing_for:
            return []
        counts: dict[str, list[Contribution]] = {}
        for turn in turns:
            if may_take_out(view, turn.first_version):
                counts.setdefault(turn.source_place[1], []).append(turn)
        found: list[ImportedTalk] = []
        for source, own in counts.items():
            name = _source_name(own[0])
            quoted = sum(_has_use(view, turn) for turn in own)
            lines = [t("talk.out_goes", n=len(own)), t("talk.out_quotes", n=quoted) if quoted else t("talk.out_free")]
            lines += [t("talk.out_stays"), t("talk.out_back")]
            question = {
                "h": t("talk.out_h", name=name),
                "lines": lines,
                "yes": t("talk.out_yes"),
                "no": t("talk.out_no"),
            }
            found.append(
                ImportedTalk(
                    id=source,
                    text=t("talk.from", name=name, n=len(own)),
                    act="take_out",
                    button=t("talk.out_button"),
                    ask=question,  # type: ignore[typeddict-item]
                )
            )
        for out in taken_out_by(view.state, self.context.me):
            text = t("talk.is_out", name=out.name, n=out.turns)
            found.append(ImportedTalk(id=out.source, text=text, act="put_back", button=t("common.put_back")))
        return found


def take_out(context: PageContext, source: str) -> None:
    """Take a whole talk out: one write, in as few withdrawals as hold its turns."""
    state = context.record.state(context.workshop)
    ids = [turn.id for turn in turns_of(state, source)]
    parts = [ids[at : at + MAX_TARGETS] for at in range(0, len(ids), MAX_TARGETS)]
    _write(context, "withdrawal", [[("withdraws", one) for one in part] for part in parts])


def put_back(context: PageContext, source: str) -> None:
    """Put back all that this person took out of a talk."""
    state = context.record.state(context.workshop)
    talks = [talk for talk in taken_out_by(state, context.me) if talk.source == source]
    _write(context, "restore", [[("replaces", act)] for talk in talks for act in talk.acts])


def _write(context: PageContext, kind: str, targets: list[list[tuple[str, str]]]) -> None:
    drafts = [Draft(context.record.new_id(), kind, context.me, {}, tuple(about)) for about in targets]
    if drafts:
        context.record.append_many(context.workshop, drafts, Actor(context.me))
    context.feed.poll()


def brought_turns(view: ParticipantView) -> list[Contribution]:
    """Imported talk by source and position. Answers to it are shown under it."""
    return sorted(
        (contribution for contribution in view.of_kind("utterance") if contribution.source_place[0]),
        key=lambda contribution: contribution.source_place,
    )


def _source_name(turn: Contribution) -> str:
    """The name of the file that a turn comes from."""
    return str((turn.entry.data.get("source") or {}).get("name", ""))


def _has_use(view: ParticipantView, turn: Contribution) -> bool:
    """True for a turn that anything refers to, beside acts on it: it was quoted, answered or talked about."""
    references = view.state.references.get(turn.entry.id, ())
    return any(relation not in ACT_RELATIONS for relation, _ in references)


def _matches(turn: Contribution, position: TalkPosition) -> bool:
    if position.voice and turn.author != position.voice:
        return False
    text = turn.text.casefold()
    at = format_clock(turn.entry.spoken_at_ms)
    return all(word in text or (":" in word and at.startswith(word)) for word in position.words.casefold().split())
