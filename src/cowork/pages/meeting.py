"""How we have met, in words: the way chosen, what it asks of us, and the path so far in counts."""

from __future__ import annotations

from typing import Any

from cowork.analysis.voices import SPACES, TIMES, WAYS, Episode, episodes, may_tell
from cowork.core.seen import Seen
from cowork.pages.forms import meaning
from cowork.pages.threads import place
from cowork.workbook import Here


def cell_of(episode: Episode | None) -> str:
    """The way of meeting as its answer in the picker, or "" where none was chosen."""
    return f"{episode.time}/{episode.space}" if episode and episode.time and episode.space else ""


def cell_words(here: Here, episode: Episode) -> str:
    """The way of meeting in plain words."""
    return here.say(f"setting.cell.{episode.time}_{episode.space}") if cell_of(episode) else ""


def typed(episode: Episode | None) -> dict[str, str]:
    """What was typed of a session or period, as it stands in the boxes."""
    if episode is None:
        return {}
    said = {"name": episode.name, "start": episode.start, "end": episode.end, "tool": episode.tool}
    return {**said, "absent": "\n".join(episode.absent)}


def we_will(here: Here, time: str, space: str) -> list[str]:
    """What a way of meeting asks of the group: only what is true of it."""
    true = {
        "code": time != "different" and space != "distributed",
        "open": time != "same",
        "remote": space == "blended" and time != "different",
        "since": time != "same",
    }
    return [here.say(f"setting.we_will.{key}") for key, so in true.items() if so]


def lines_by_cell(here: Here) -> dict[str, dict[str, list[str]]]:
    """Under the picker: who sees it, and what the way that is chosen just now asks of the group."""
    found = {}
    for time in TIMES:
        for space in SPACES:
            lines = we_will(here, time, space)
            head = [f"{here.say('setting.we_will.h')}:"] if lines else []
            found[f"{time}/{space}"] = [*head, *lines, here.say("setting.seen")]
    return {"cell": found}


def present(here: Here, seen: Seen) -> list[dict[str, Any]]:
    """How we meet this time, and what that asks of us."""
    say = here.say
    found = [e for e in episodes(seen) if e.id == seen.state.current_episode()]
    lines = we_will(here, found[0].time, found[0].space) if found and cell_of(found[0]) else []
    asked: list[dict[str, Any]] = [{"h": say("setting.we_will.h"), "level": 2}, {"list": lines}] if lines else []
    return [
        {"eyebrow": say("setting.outcome"), "wheel": ""},
        {"h": say("setting.h_we"), "level": 1},
        {"inset": (cell_words(here, found[0]) if found else "") or say("setting.empty")},
        *asked,
        {"hint": say("setting.seen")},
        {"summary": say("setting.mean.h"), "lines": meaning(here, "setting")},
    ]


def path(here: Here, seen: Seen) -> list[dict[str, Any]]:
    """Every session or period in its order: how it was held, who took part how in numbers, how many wrote."""
    say = here.say
    now = seen.state.current_episode()
    blocks: list[dict[str, Any]] = [{"h": say("setting.path_h"), "level": 2}]
    for episode in episodes(seen):
        name = episode.name or say("setting.unnamed", date=here.when(episode.entry.header.at_ms))
        blocks.append({"h": name, "level": 3})
        if episode.id == now:
            blocks.append({"hint": say("setting.now")})
        if episode.brought_in:
            blocks.append({"p": say("scribe.fidelity.imported")})
            continue
        terms = [
            [say("setting.link"), cell_words(here, episode) or say("setting.empty")],
            [say("setting.label.tool"), episode.tool],
            [say("setting.label.start"), episode.start],
            [say("setting.label.end"), episode.end],
            [say("setting.ways_h"), _ways_told(here, episode)],
            [say("setting.label.absent"), "\n".join(episode.absent)],
            [say("setting.written_h"), say("common.written_by", n=episode.wrote, N=episode.taking_part)],
        ]
        blocks.append({"terms": [term for term in terms if term[1]]})
    return blocks


def _ways_told(here: Here, episode: Episode) -> str:
    """How many took part in which way; where a number would point somebody out, only how many said so."""
    said = sum(episode.ways.values())
    if not said:
        return ""
    if may_tell(episode.ways):
        return "\n".join(here.say(f"setting.way.{way}", n=episode.ways[way]) for way in WAYS if episode.ways[way])
    told = here.say("setting.ways_said", n=said, N=max(said, episode.taking_part))
    return f"{told} {here.say('report.small')}"


def ask_how(here: Here, seen: Seen) -> list[dict[str, Any]]:
    """For the Start page: a facilitator who has not said how we meet finds the question first."""
    if not seen.facilitator or here.visit is None or here.visit.only:
        return []
    found = [e for e in episodes(seen) if e.id == seen.state.current_episode()]
    if found and cell_of(found[0]):
        return []
    text, note = here.say("setting.h"), here.say("setting.choose")
    links = [{"href": place(here, "setting"), "page": "setting", "text": text, "note": note}]
    return [{"links": links, "ways": True}]
