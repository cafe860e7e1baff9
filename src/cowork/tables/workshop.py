"""The workshop as it is opened from Python."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import CoworkError, RecordError
from cowork.core.fold import State
from cowork.store import Record, open_record
from cowork.tables import answers, outcomes, participants, provenance, texts
from cowork.tables.columns import Columns, describe_columns
from cowork.tables.projection import TableProjection, workshop_code
from cowork.text import translate

if TYPE_CHECKING:
    from pandas import DataFrame

#: Every table by the name of its method.
TABLES: dict[str, Columns] = {
    "contributions": texts.COLUMNS,
    "wordings": texts.WORDING_COLUMNS,
    "links": provenance.LINK_COLUMNS,
    "fates": provenance.USE_COLUMNS,
    "participants": participants.PARTICIPANT_COLUMNS,
    "episodes": participants.EPISODE_COLUMNS,
    "heard": participants.RESPONSE_COLUMNS,
    "stances": answers.STANCE_COLUMNS,
    "checks": answers.CHECK_COLUMNS,
    "rounds": answers.ROUND_COLUMNS,
    "positions": answers.POSITION_COLUMNS,
    "outcomes": outcomes.OUTCOME_COLUMNS,
    "traces": provenance.TRACES_COLUMNS,
}

T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[..., Any])


def open(path: str | PathLike[str], code: str | None = None) -> Workshop:
    """The workshop with this code in a record or `.cowork` file, to read. Without a code: the only one in it.

    Raises RecordError or UnknownCode; their text is a sentence that says what to do.
    """
    try:
        return Workshop(Path(path), code)
    except CoworkError as error:
        raise _with_sentence(error) from None


def _with_sentence(error: CoworkError) -> CoworkError:
    error.args = (translate(error.key, **error.values),)  # type: ignore[arg-type]
    return error


def _with_columns(method: Method) -> Method:
    """Add the columns of a table to the help of the method that makes it, in a paragraph of their own.

    `python -m cowork.tables` prints the first paragraph above the columns: without the empty line it would hold them.
    """
    method.__doc__ = f"{cleandoc(method.__doc__ or '')}\n\nColumns:\n{describe_columns(TABLES[method.__name__])}\n"
    return method


class Workshop:
    """One workshop of a file. `code` and `title` are as they were when it was opened; `practice` is True for one whose
    people are invented.

    In every method `research` True leaves only those who said yes to research, False leaves everyone who lets their
    words leave the group, and None does what the workshop says of itself.
    """

    def __init__(self, path: Path, code: str | None = None) -> None:
        self.path = path
        record = open_record(path, create=False, writable=False)
        try:
            if code is None:
                states = record.workshops()
                if not states:
                    raise RecordError("error.no_workshop", path=str(path))
                if len(states) > 1:
                    codes = ", ".join(workshop_code(state) for state in states)
                    raise RecordError("error.which_workshop", path=str(path), codes=codes)
                state = states[0]
            else:
                state = record.state(record.find_workshop(code))
        finally:
            record.close()
        self.id = state.workshop
        self.code = workshop_code(state)
        self.title = ParticipantView(state, "").title()
        opened = state.opening_entry()
        self.practice = bool(opened and opened.data.get("practice"))
        self._cached_state: tuple[object, State] | None = None
        self._projections: dict[bool | None, TableProjection] = {}

    def __repr__(self) -> str:
        return f"<Workshop {self.code} {self.title!r}{', a practice workshop' if self.practice else ''}>"

    @_with_columns
    def contributions(self, *, research: bool | None = None, person: bool = False) -> DataFrame:
        """What people wrote and said, one row each, in the order it was written; talk brought in, as it was said.

        Where two people changed a text at once and nobody has settled it, both versions stand, under one id. A
        rendering in another language is no second contribution and is left out, as is what somebody asked to keep
        inside the group (counted in `attrs["kept_back"]`). Answers that were only chosen stand in the tables of
        answers; answers to a proposal stand in `positions()` alone, since the group sees them without names.

        `person` True adds the column `person`, by which the other tables can be joined.
        """
        return self._make_table(texts.contribution_table, research, person)

    @_with_columns
    def links(self, *, research: bool | None = None) -> DataFrame:
        """Every link between what stands in `contributions()` and what it leads to; a row for each quotation. No words.

        A target that may not leave the group is a gap that says why, as on the page of the trace.
        """
        return self._make_table(provenance.link_table, research)

    @_with_columns
    def wordings(self, *, research: bool | None = None) -> DataFrame:
        """Every wording of what stands in `contributions()`, the earlier ones too, oldest first.

        A wording by somebody who wants nothing outside the group is left out, and so is one that was erased. Who wrote
        a wording is told as the present one tells it: a name that was taken off a text is off its earlier wordings.
        """
        return self._make_table(texts.wording_table, research)

    @_with_columns
    def fates(self, *, research: bool | None = None) -> DataFrame:
        """What became of each text, one row for each thing that was made of it. No row: nobody took it up as yet.

        The same as `fate(id)` for one text, with ids and without words.
        """
        return self._make_table(provenance.use_table, research)

    @_with_columns
    def participants(self, *, research: bool | None = None) -> DataFrame:
        """Those who take or took part, one row each, in the order they came.

        Whoever wants nothing outside the group is left out and counted in `attrs["people_kept_back"]`, as is whoever
        did not say yes to research where that is asked for.
        """
        return self._make_table(participants.participant_table, research)

    @_with_columns
    def episodes(self, *, research: bool | None = None) -> DataFrame:
        """The sessions and periods with their setting, in the order they were begun."""
        return self._make_table(participants.episode_table, research)

    @_with_columns
    def heard(self, *, research: bool | None = None) -> DataFrame:
        """By way of taking part: how many wrote, were answered, were taken up. Being counted is not being heard.

        Empty where a row would tell apart fewer than five people. These are counts of people and not words: everyone
        is among them.
        """
        return self._make_table(participants.response_table, research)

    @_with_columns
    def stances(self, *, research: bool | None = None) -> DataFrame:
        """Answers to views: everyone's stance, and where each holder stands, also where a holder has not said.

        Whoever wants nothing outside the group is an answer without a name, a key or words.
        """
        return self._make_table(answers.stance_table, research)

    @_with_columns
    def checks(self, *, research: bool | None = None) -> DataFrame:
        """Did we get it right? One row for each who was asked, an empty `result` where they have not said.

        So n of N is a count of rows. An answer that the group sees only as one of a count (`of` said, or all) has a
        name beside its words and none without words.
        """
        return self._make_table(answers.check_table, research)

    @_with_columns
    def rounds(self, *, research: bool | None = None) -> DataFrame:
        """The rounds of each proposal and how many gave each answer, with every answer there was to choose."""
        return self._make_table(answers.round_table, research)

    @_with_columns
    def positions(self, *, research: bool | None = None) -> DataFrame:
        """Answers to proposals, one row for each person and round, once the answers were shown together.

        The group sees them without names. So they have none here, and no id or time by which one could be found;
        `answerer` follows one person through the rounds of one proposal and is the key of no other table. Whoever wants
        nothing outside the group is an answer without key or words. How many of those taking part have not answered
        stands in `attrs["not_answered"]`, by version. There is no average: the steps have an order and no distance.
        """
        return self._make_table(answers.position_table, research)

    @_with_columns
    def outcomes(self, *, research: bool | None = None) -> DataFrame:
        """Agreements, kept differences and open questions, oldest first, each with its reservations inside it."""
        return self._make_table(outcomes.outcome_table, research)

    @_with_columns
    def traces(self, *, research: bool | None = None) -> DataFrame:
        """How did we get here? Each ending traced back to the words it rests on, the endings oldest first.

        The same as `trace(id).table()` for one ending.
        """
        return self._make_table(provenance.traces_table, research)

    def to_excel(self, path: str | PathLike[str], *, research: bool | None = None) -> None:
        """Write every table into one Excel file, a sheet each, and what was kept back into the sheet `about`.

        Words that begin like a formula stay words. `cowork.tables.table` says what else a sheet holds otherwise.
        """
        from cowork.tables.table import Table, new_excel_file  # pandas: only where a table is made

        made = {name: getattr(self, name)(research=research) for name in TABLES}
        about = [(name, key, str(value)) for name, table in made.items() for key, value in table.attrs.items()]
        with new_excel_file(path) as writer:
            Table(about, columns=["table", "what", "value"]).to_excel(writer, "about")
            for name, table in made.items():
                table.to_excel(writer, name)

    def to_csv(self, folder: str | PathLike[str], *, research: bool | None = None, sep: str = ",") -> list[Path]:
        """Write every table into a folder, a CSV file each, for a spreadsheet to open; returns their paths.

        In UTF-8 with the mark that Excel needs. Words that begin like a formula get an apostrophe before them, which
        `cowork.tables.table.unguard_formula` takes away. Excel in Swedish, and in much of Europe, wants `sep=";"`.
        """
        from cowork.tables.table import for_spreadsheet  # loads pandas

        Path(folder).mkdir(parents=True, exist_ok=True)
        written = []
        for name in TABLES:
            path = Path(folder) / f"{name}.csv"
            table = for_spreadsheet(getattr(self, name)(research=research))
            table.to_csv(path, index=False, sep=sep, encoding="utf-8-sig", lineterminator="\r\n")
            written.append(path)
        return written

    def trace(self, id: str, *, research: bool | None = None) -> provenance.Trace:
        """How did we get here? From any contribution back to the words it rests on, as a nested dict.

        Each step is {id, version, kind, relation, text, gap, quotes, by, at, changed, again, steps}. It follows every
        link that somebody made and guesses none; what may not leave is a gap that says why. `.table()` gives the same
        steps one row each. The page and the report are made from the same trace.
        """
        return self._make_table(provenance.trace_dict, research, id)

    def fate(self, id: str, *, research: bool | None = None) -> list[dict[str, Any]]:
        """What became of these words: a list of {what, id, kind, text, by, links}, the nearest first.

        An empty list says that nobody has taken them up as yet. `links` is how many links away it is.
        """
        return self._make_table(provenance.use_dicts, research, id)

    def _make_table(self, make: Callable[..., T], research: bool | None, *more: object) -> T:
        try:
            return make(self._projection(research), *more)
        except CoworkError as error:
            raise _with_sentence(error) from None

    def _projection(self, research: bool | None) -> TableProjection:
        """What stands now. Names, gaps and what may leave are worked out once for each state of the workshop."""
        state = self._state()
        round_ = self._projections.get(research)
        if round_ is None or round_.state is not state:
            round_ = self._projections[research] = TableProjection(state, research)
        return round_.copy_for_table()

    def _state(self) -> State:
        """The workshop as it now stands in the file; the same object as before where nothing came.

        The file is asked each time and no connection is kept: a file that was deleted, moved or replaced in the
        meantime must not go on being read.
        """
        record = open_record(self.path, create=False, writable=False)
        try:
            now = self._version(record)
            if self._cached_state is None or self._cached_state[0] != now:
                self._cached_state = (now, record.state(self.id))
            return self._cached_state[1]
        finally:
            record.close()

    def _version(self, record: Record) -> object:
        """Asked before the reading, so that what comes in between counts as new next time.

        Every act is an entry of its own, and words that an export had kept back come in at a new place: the newest
        place says whether anything came. Another file may have the same one, so the file itself is asked as well.
        """
        file = self.path.stat()
        return record.last_position(self.id), file.st_dev, file.st_ino, file.st_size, file.st_mtime_ns
