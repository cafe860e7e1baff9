"""The shapes of what a page gives to a component: fields, choices, pickers, actions, cards and blocks of text.

They cost nothing at run time: each is a plain dict. The same keys are read by the component's JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict


class TypedText(TypedDict):
    """Words of another language than the page's."""

    text: str
    lang: str


#: A plain string is in the page's own language.
TextPart = str | TypedText
#: One line of text.
TextLine = str | TypedText | list[TextPart]

#: What a browser says, by name: a claim, with each field read safely by `Component.MESSAGES`.
Message = Mapping[str, Any]

#: `{choice: value or values}`: asked, and sent, only while that is the answer.
When = Mapping[str, str | list[str]]


class Option(TypedDict, total=False):
    """One answer among several."""

    value: Required[str]
    label: Required[TextLine]
    hint: TextLine
    apart: bool


class Field(TypedDict, total=False):
    """A box to write in."""

    key: Required[str]
    label: str
    hint: str
    rows: int
    limit: int
    line: bool
    quiet: bool
    required: bool
    value: str
    fold: bool
    keep: bool
    place: int
    when: When


class GridLabel(TypedDict, total=False):
    """The head of a row or a column of answers."""

    key: Required[str]
    label: Required[str]
    hint: str


class Grid(TypedDict):
    """Answers in rows and columns: their values are `row/column`."""

    rows: list[GridLabel]
    cols: list[GridLabel]


class ChoiceField(TypedDict, total=False):
    """A question with answers to choose from."""

    key: Required[str]
    legend: str
    hint: str
    options: list[Option]
    apart_h: str
    grid: Grid
    value: str | list[str]
    many: bool
    required: bool
    fold: bool
    once: bool
    brief: bool
    seen: bool
    place: int
    when: When


class PickerItem(TypedDict):
    """A text to pick, or to pick words from."""

    id: str
    text: str
    by: str
    when_text: str
    tag: str
    lang: str


class PickerTexts(TypedDict, total=False):
    """The texts to pick from; `known` are texts whose words are chosen though they are not among `items`."""

    items: list[PickerItem]
    known: list[PickerItem]


class PickerQuestion(TypedDict, total=False):
    """How a picker asks."""

    legend: str
    hint: str
    empty: str
    place: int
    opener: str


class Picker(PickerTexts, PickerQuestion, total=False):
    """A question which texts, or which words of them."""

    key: Required[str]
    words: bool
    many: bool
    required: bool
    label_find: str
    button: str
    fold: bool
    opened: bool
    value: list[str]
    when: When
    search: bool  # texts come when they are looked for


#: `{choice: {value: lines}}`: the lines that are true for the present answer.
LinesByChoice = dict[str, dict[str, list[str]]]


class ActionForm(TypedDict, total=False):
    """A form that an action of a card opens in place."""

    hint: str
    fields: list[Field]
    choices: list[ChoiceField]
    picks: list[Picker]
    button: str
    seen: list[str]
    seen_by_choice: LinesByChoice
    fold_h: str
    mean: Mapping[str, str | list[str]]


class Action(TypedDict, total=False):
    """What a person may do with a card. One with `href` is a link."""

    name: Required[str]
    label: Required[TextLine]
    kind: str
    about: list[list[str]]
    fields: dict[str, str]
    choices: dict[str, str]
    strong: bool
    filled: bool
    box: ActionForm
    href: str


class Point(TypedDict, total=False):
    """A line of a card about what its words rest on or what came of them."""

    label: Required[TextLine]
    text: TextLine
    href: str
    list: Sequence[TextLine]
    fold: bool


class PageLink(TypedDict, total=False):
    """A link to a page of the workbook."""

    href: Required[str]
    text: Required[TextLine]
    page: str
    note: TextLine
    wheel: str


class Block(TypedDict, total=False):
    """A block of `Prose`: one or more of these."""

    h: TextLine
    level: int
    p: TextLine
    hint: TextLine
    list: Sequence[TextLine]
    terms: Sequence[Sequence[TextLine]]
    eyebrow: str
    wheel: str
    half: str
    summary: str
    lines: Sequence[TextLine]
    inset: TextLine | Sequence[TextLine]
    link: str | dict[str, str]
    links: Sequence[PageLink]
    ways: bool
    qr: Mapping[str, str | int]
    code: str


class Wording(TypedDict, total=False):
    """An earlier version of words, or one of several that are valid at once."""

    id: str
    text: Required[str]
    lang: str
    when_text: str
    by: str


class LabelledText(TypedDict, total=False):
    """A further field of what was written."""

    label: Required[str]
    text: Required[TextLine]
    lang: str


class Quotation(TypedDict, total=False):
    """Words that a card rests on. `gap` is shown in place of words that may not be read."""

    text: Required[str]
    lang: str
    by: str
    href: str
    href_text: str
    gap: str


class ChangeMark(TypedDict, total=False):
    """What changed among all that a card rests on."""

    text: str
    hint: str
    list: Sequence[TextLine]


class TallyRow(TypedDict):
    """One answer and how many gave it."""

    label: str
    n: int
    text: str


class Tally(TypedDict, total=False):
    """How many gave which answer: one dot a person. Empty: nothing is shown."""

    h: str
    rows: list[TallyRow]
    apart: list[TallyRow]
    apart_h: str
    none: str
    none_n: int
    read: list[str]
    read_h: str
    fold: bool


class Image(TypedDict):
    """A picture of a card; its bytes are asked for when it comes near the screen."""

    id: str
    alt: str


class CardProvenance(TypedDict, total=False):
    """What the words of a card rest on."""

    quotes: list[Quotation]
    mark: ChangeMark


class CardExtras(TypedDict, total=False):
    """What a page adds to a card beside its words."""

    points: list[Point]
    tag: str
    lead: bool
    tally: Tally
    near: list[str]
    starts_row: bool


class CardItem(CardExtras, CardProvenance, total=False):
    """A card: what it shows and what its reader may do with it (`CardList` says what each key means)."""

    id: Required[str]
    kind: str
    text: str
    label: str
    more: list[LabelledText]
    by: str
    when: str
    when_text: str
    said: str
    lang: str
    mine: bool
    private: bool
    state: str
    note: Sequence[TextLine]
    earlier: list[Wording]
    versions: list[Wording]
    acts: Sequence[Action | str]
    answers: list[CardItem]
    talked: Sequence[TextLine]
    talked_id: str
    about_text: TextLine
    fields: list[Field]
    current: list[str]
    lifts: list[str]
    talk_rel: str
    href: str
    href_text: str
    seen: list[str]
    image: Image
    voice: str
    source: str
    apart: bool
    found: list[tuple[int, int]]


class LeftOutLine(TypedDict):
    """What a reader leaves out of a transcript, and the button that shows it again."""

    key: str
    text: str
    button: str


class LeftOut(TypedDict, total=False):
    """What a reader leaves out of a transcript (`Transcript` says what each key means)."""

    begin: str
    short: bool
    lines: list[LeftOutLine]
    short_button: str


class TalkQuestion(TypedDict):
    """What is asked before a talk is taken out."""

    h: str
    lines: list[str]
    yes: str
    no: str


class ImportedTalk(TypedDict, total=False):
    """A talk that its reader may take out of the workshop, or put back."""

    id: Required[str]
    text: str
    act: str
    button: str
    ask: TalkQuestion


class FirstAnswer(TypedDict, total=False):
    """What somebody answered first, shown above a form's boxes."""

    h: str
    text: str
    lang: str
    by: str


class TreeStart(TypedDict):
    """Where a reader may begin in a tree."""

    id: str
    label: TextLine
    text: TextLine
    href: str
    here: bool


class TreeNode(TypedDict, total=False):
    """One step of a tree (`Tree` says what each key means)."""

    id: str
    label: str
    text: TextLine
    lead: bool
    quotes: list[Quotation]
    by: str
    when_text: str
    lang: str
    wheel: str
    state: str
    dashed: bool
    beside: bool
    note: Sequence[TextLine]
    mark: str
    href: str
    href_text: str
    steps: list[TreeNode]


class NavLink(TypedDict, total=False):
    """A page in the list beside every page."""

    key: Required[str]
    name: str
    href: str
    here: bool
    note: str
    written: bool
    half: str


class NavWheel(TypedDict):
    """One wheel in that list."""

    wheel: str
    name: str
    parts: list[NavLink]


class Invite(TypedDict):
    """An invitation of everyone to a page. `stop`: this reader may end it, and is told how many `came`."""

    id: str
    text: str
    page: str
    href: str
    here: bool
    stop: bool
    came: str


class ElementRow(TypedDict):
    """What was written in one element, as a row of a list."""

    key: str
    part: str
    plain: str
    wheel: str
    wrote: str
    written: bool
    by: str
    last: str
    met: str
    href: str


class Voice(TypedDict):
    """Somebody who speaks in a list of cards, and how often."""

    id: str
    name: str
    n: int
