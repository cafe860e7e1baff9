"""How we have met, in words: the way chosen, what it asks of us, and the path so far in counts."""

from __future__ import annotations

from cowork.analysis.participation import SPACES, TIMES, WAYS, Episode, episodes, is_large_enough
from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.pages.kit.forms import meaning_lines
from cowork.pages.kit.provenance import place_of
from cowork.widgets.types import Block, PageLink


def cell_of(episode: Episode | None) -> str:
    """The way of meeting as its answer in the picker, or "" where none was chosen."""
    return f"{episode.time}/{episode.space}" if episode and episode.time and episode.space else ""


def cell_words(context: PageContext, episode: Episode) -> str:
    """The way of meeting in plain words."""
    return context.t(f"setting.cell.{episode.time}_{episode.space}") if cell_of(episode) else ""


def typed(episode: Episode | None) -> dict[str, str]:
    """What was typed of a session or period, as it stands in the boxes."""
    if episode is None:
        return {}
    said = {"name": episode.name, "start": episode.start, "end": episode.end, "tool": episode.tool}
    return {**said, "absent": "\n".join(episode.absent)}


def we_will(context: PageContext, time: str, space: str) -> list[str]:
    """What a way of meeting asks of the group: only what is true of it."""
    true = {
        "code": time != "different" and space != "distributed",
        "open": time != "same",
        "remote": space == "blended" and time != "different",
        "since": time != "same",
    }
    return [context.t(f"setting.we_will.{key}") for key, so in true.items() if so]


def lines_by_cell(context: PageContext) -> dict[str, dict[str, list[str]]]:
    """Under the picker: who sees it, and what the way that is chosen just now asks of the group."""
    found = {}
    for time in TIMES:
        for space in SPACES:
            lines = we_will(context, time, space)
            head = [f"{context.t('setting.we_will.h')}:"] if lines else []
            found[f"{time}/{space}"] = [*head, *lines, context.t("setting.seen")]
    return {"cell": found}


def present(context: PageContext, view: ParticipantView) -> list[Block]:
    """How we meet this time, and what that asks of us."""
    t = context.t
    found = [episode for episode in episodes(view) if episode.id == view.state.current_episode()]
    lines = we_will(context, found[0].time, found[0].space) if found and cell_of(found[0]) else []
    asked: list[Block] = [{"h": t("setting.we_will.h"), "level": 2}, {"list": lines}] if lines else []
    return [
        {"eyebrow": t("setting.outcome"), "wheel": ""},
        {"h": t("setting.h_we"), "level": 1},
        {"inset": (cell_words(context, found[0]) if found else "") or t("setting.empty")},
        *asked,
        {"hint": t("setting.seen")},
        {"summary": t("setting.mean.h"), "lines": meaning_lines(context, "setting")},
    ]


def path(context: PageContext, view: ParticipantView) -> list[Block]:
    """Every session or period in its order: how it was held, who took part how in numbers, how many wrote."""
    t = context.t
    now = view.state.current_episode()
    blocks: list[Block] = [{"h": t("setting.path_h"), "level": 2}]
    for episode in episodes(view):
        name = episode.name or t("setting.unnamed", date=context.when(episode.entry.header.at_ms))
        blocks.append({"h": name, "level": 3})
        if episode.id == now:
            blocks.append({"hint": t("setting.now")})
        if episode.brought_in:
            blocks.append({"p": t("scribe.fidelity.imported")})
            continue
        terms = [
            [t("setting.link"), cell_words(context, episode) or t("setting.empty")],
            [t("setting.label.tool"), episode.tool],
            [t("setting.label.start"), episode.start],
            [t("setting.label.end"), episode.end],
            [t("setting.ways_h"), _attendance_words(context, episode)],
            [t("setting.label.absent"), "\n".join(episode.absent)],
            [t("setting.written_h"), t("common.written_by", n=episode.wrote, N=episode.taking_part)],
        ]
        blocks.append({"terms": [term for term in terms if term[1]]})
    return blocks


def _attendance_words(context: PageContext, episode: Episode) -> str:
    """How many took part in which way; where a number would point somebody out, only how many said so."""
    said = sum(episode.ways.values())
    if not said:
        return ""
    if is_large_enough(episode.ways):
        return "\n".join(context.t(f"setting.way.{way}", n=episode.ways[way]) for way in WAYS if episode.ways[way])
    line = context.t("setting.ways_said", n=said, N=max(said, episode.taking_part))
    return f"{line} {context.t('report.small')}"


def meeting_prompt(context: PageContext, view: ParticipantView) -> list[Block]:
    """For the Start page: a facilitator who has not said how we meet finds the question first."""
    if not view.is_facilitator or context.session.only:
        return []
    found = [episode for episode in episodes(view) if episode.id == view.state.current_episode()]
    if found and cell_of(found[0]):
        return []
    text, note = context.t("setting.h"), context.t("setting.choose")
    links: list[PageLink] = [{"href": place_of(context, "setting"), "page": "setting", "text": text, "note": note}]
    return [{"links": links, "ways": True}]
