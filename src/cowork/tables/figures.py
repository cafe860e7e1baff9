"""Figures of an opened workshop, for a researcher's notebook. Every word and number in them is from that workshop.

Each has the title of the workshop above it, and says so where it is a practice workshop. Where there is nothing to
draw it says that in a sentence, so that a notebook runs to its end on any workshop. Nothing is drawn by colour alone,
and every typed word is escaped: plotly reads a little HTML.
"""

from __future__ import annotations

import html
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import ceil, sqrt
from typing import Any

try:
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots
except ImportError as error:  # plotly comes with cowork[analysis]
    raise ImportError("Figures need plotly. Install it with: pip install 'cowork[analysis]'") from error

from cowork.analysis.participation import MIN_GROUP_SIZE, SPACES, TIMES
from cowork.core.provenance import PROVENANCE
from cowork.tables.measures import ANSWERS, divergences
from cowork.tables.workshop import Workshop

#: Okabe and Ito's colours, told apart by people who see few colours.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999", "#000000")
#: Behind black letters.
LIGHT_COLOURS = ("#9ecae1", "#fdd49e", "#a8ddb5", "#e7c6dc", "#c6dbef", "#f7b99a", "#f5ef9f", "#d9d9d9")
PATTERNS = ("", "/", ".", "x", "\\", "+")

#: Signs to a line: of a heading, which must fit a phone, of words under the pointer, and of a label beside an axis.
HEADING_WIDTH, HOVER_WIDTH, LABEL_WIDTH = 44, 60, 22

#: Pixels between two parts of a figure: a heading of three lines and an axis.
_SUBPLOT_GAP = 110


# ---- how we met


def path(workshop: Workshop, *, research: bool | None = None) -> go.Figure:
    """The way over the nine cells, a numbered dot for each session; those of one cell lie beside each other."""
    sessions = workshop.episodes(research=research).query("time != '' and space != ''")
    if sessions.empty:
        return _empty_figure(workshop, "No session has a time and a space yet.")
    cells: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, (space, time) in enumerate(zip(sessions["space"], sessions["time"], strict=True)):
        cells[space, time].append(place)
    positions = {}
    for (space, time), sessions_of_cell in cells.items():
        side = ceil(sqrt(len(sessions_of_cell)))
        for number, place in enumerate(sessions_of_cell):
            across, down = (number % side + 0.5) / side - 0.5, (number // side + 0.5) / side - 0.5
            positions[place] = SPACES.index(space) + 0.8 * across, TIMES.index(time) + 0.8 * down
    side = ceil(sqrt(max(map(len, cells.values()))))
    size = max(12, 30 - 5 * (side - 1))
    names = [f"{number}. {_escaped(name)}" for number, name in enumerate(sessions["episode"], 1)]
    dots = go.Scatter(
        x=[positions[place][0] for place in range(len(sessions))],
        y=[positions[place][1] for place in range(len(sessions))],
        mode="lines+markers+text",
        text=[str(number) for number in range(1, len(sessions) + 1)],
        textfont={"color": "white", "size": max(9, size // 2)},
        marker={"size": size, "color": COLOURS[0]},
        line={"color": COLOURS[4]},
        customdata=names,
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(dots)
    for line in (0.5, 1.5):
        figure.add_vline(line, line_color="#bbb").add_hline(line, line_color="#bbb")
    figure.update_xaxes(range=[-0.5, 2.5], tickvals=[0, 1, 2], ticktext=list(SPACES), title="space", showgrid=False)
    figure.update_yaxes(range=[2.5, -0.5], tickvals=[0, 1, 2], ticktext=list(TIMES), title="time", showgrid=False)
    return _titled(workshop, figure, 300)


def heard(workshop: Workshop, *, research: bool | None = None) -> go.Figure:
    """By way of taking part: how many wrote, and what became of their words."""
    table = workshop.heard(research=research)
    if table.empty:
        return _empty_figure(
            workshop, f"Fewer than {MIN_GROUP_SIZE} people took part in one of the ways, so no way is told apart."
        )
    parts = (("persons", ("people", "wrote")), ("texts", ("texts", "answered", "taken_up")))
    figure = make_subplots(rows=2, cols=1, subplot_titles=[title for title, _ in parts], vertical_spacing=0.25)
    number = 0
    for row_number, (_, columns) in enumerate(parts, 1):
        for column in columns:
            marker = {"color": COLOURS[number], "pattern": {"shape": PATTERNS[number]}}
            bar = go.Bar(
                y=table["way"], x=table[column], text=table[column], name=column, orientation="h", marker=marker
            )
            bar.update(textangle=0)
            figure.add_trace(bar, row=row_number, col=1)
            number += 1
    figure.update_yaxes(autorange="reversed", type="category").update_xaxes(rangemode="tozero")
    figure.update_layout(barmode="group")
    return _titled(workshop, figure, 140 + 120 * len(table), above=40, below=90)


# ---- the thread


#: Kinds in the order of the thread. A kind of a page of one's own stands before what ends it.
KIND_ORDER = ("intention", "asset", "need", "utterance", "talked", "image", "view", "theme", "interpretation",
         "understanding", "", "proposal", "outcome", "action", "response")  # fmt: skip


def thread(workshop: Workshop, *, research: bool | None = None) -> go.Figure:
    """Every text that is tied to another: a column for each kind, a line for each link that what was made rests on."""
    table = workshop.links(research=research)
    linked = table[table["relation"].isin(PROVENANCE)].drop_duplicates(["source", "target"])
    if linked.empty:
        return _empty_figure(workshop, "Nothing here rests on other words yet.")
    texts = workshop.contributions(research=research).drop_duplicates("id").set_index("id")["text"]
    kinds = dict(zip(linked["target"], linked["target_kind"], strict=True))
    kinds |= dict(zip(linked["source"], linked["source_kind"], strict=True))
    gaps = {target: gap for target, gap in zip(linked["target"], linked["gap"], strict=True) if gap}
    pairs = list(zip(linked["target"], linked["source"], strict=True))
    columns, places = _column_layout(kinds, pairs)
    figure = go.Figure(_link_lines(pairs, places))
    for column_number, (kind, text_ids) in enumerate(columns.items()):
        figure.add_scatter(
            x=[places[text_id][0] for text_id in text_ids],
            y=[places[text_id][1] for text_id in text_ids],
            mode="markers",
            marker={"size": 11, "color": COLOURS[column_number % len(COLOURS)], "symbol": _symbols(text_ids, gaps)},
            customdata=[_hover_text(texts.get(text_id, ""), gaps.get(text_id, "")) for text_id in text_ids],
            hovertemplate=f"{_escaped(kind)}: %{{customdata}}<extra></extra>",
            showlegend=False,
        )
    named = [f"{_escaped(kind) or 'not here'} ({len(text_ids)})" for kind, text_ids in columns.items()]
    limit = max(map(len, columns.values()))
    figure.update_xaxes(tickvals=list(range(len(columns))), ticktext=named, side="top", showgrid=False, zeroline=False)
    figure.update_xaxes(range=[-0.5, len(columns) - 0.3], tickangle=-60, automargin=True)
    figure.update_yaxes(visible=False, autorange="reversed")
    return _titled(workshop, figure, max(200, min(1300, 20 * limit)), above=110, below=20)


def _column_layout(
    kinds: dict[str, str], pairs: Sequence[tuple[str, str]]
) -> tuple[dict[str, list[str]], dict[str, tuple[int, float]]]:
    """The kinds from left to right with their texts, each as near as may be to what it rests on; and all places."""
    rank = {kind: number for number, kind in enumerate(KIND_ORDER)}
    columns: dict[str, list[str]] = defaultdict(list)
    for text_id in sorted(kinds, key=lambda text_id: rank.get(kinds[text_id], rank[""])):
        columns[kinds[text_id]].append(text_id)
    under: dict[str, list[str]] = defaultdict(list)
    for target, source in pairs:
        under[source].append(target)
    limit = max(map(len, columns.values()))
    places: dict[str, tuple[int, float]] = {}
    for column_number, text_ids in enumerate(columns.values()):
        mean_heights = {}
        for text_id in text_ids:
            ys = [places[below][1] for below in under[text_id] if below in places]
            mean_heights[text_id] = sum(ys) / len(ys) if ys else limit / 2
        text_ids.sort(key=lambda text_id: mean_heights[text_id])
        places |= {
            text_id: (column_number, (number + 0.5) * limit / len(text_ids)) for number, text_id in enumerate(text_ids)
        }
    return columns, places


def _link_lines(pairs: Iterable[tuple[str, str]], places: dict[str, tuple[int, float]]) -> go.Scatter:
    """All links as one trace. Two texts of one column are tied by a bend beside it, where it can be seen."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for target, source in pairs:
        (x1, y1), (x2, y2) = places[target], places[source]
        bend = ((x1 + 0.3, (y1 + y2) / 2),) if x1 == x2 else ()
        for x, y in ((x1, y1), *bend, (x2, y2)):
            xs.append(x)
            ys.append(y)
        xs.append(None)
        ys.append(None)
    line = {"color": "rgba(90, 90, 90, 0.45)", "width": 1.2}
    return go.Scatter(x=xs, y=ys, mode="lines", line=line, hoverinfo="skip", showlegend=False, name="links")


def _symbols(text_ids: Iterable[str], gaps: dict[str, str]) -> list[str]:
    return ["circle-open" if text_id in gaps else "circle" for text_id in text_ids]


def _hover_text(text: object, gap: str) -> str:
    return _wrap(str(text), HOVER_WIDTH, 8) or (f"no words: {_escaped(gap)}" if gap else "")


def trace(workshop: Workshop, number: int = 1, *, research: bool | None = None) -> go.Figure:
    """One ending, back to the words it rests on: the `number`th that was written, from 1."""
    table = workshop.traces(research=research)
    ids = list(dict.fromkeys(table["ending"]))
    if not 1 <= number <= len(ids):
        return _empty_figure(workshop, f"There is no ending number {number}: {len(ids)} stand here.")
    steps = table[table["ending"] == ids[number - 1]]
    kinds = [_escaped(kind or gap or "gap") for kind, gap in zip(steps["kind"], steps["gap"], strict=True)]
    colour = {
        kind: LIGHT_COLOURS[number_of_kind % len(LIGHT_COLOURS)]
        for number_of_kind, kind in enumerate(dict.fromkeys(kinds))
    }
    above = set(steps["under"].dropna())
    leaves = sum(step not in above for step in steps["step"])
    tree = go.Icicle(
        ids=[str(step) for step in steps["step"]],
        parents=["" if under is None else str(under) for under in steps["under"].astype(object).where(
            steps["under"].notna(), None)],
        labels=kinds,
        customdata=[_hover_text(text, gap) for text, gap in zip(steps["text"], steps["gap"], strict=True)],
        hovertemplate="%{label}: %{customdata}<extra></extra>",
        marker={"colors": [colour[kind] for kind in kinds], "line": {"color": "white", "width": 1}},
        textfont={"size": 12, "color": "black"},
        tiling={"orientation": "h"},
    )  # fmt: skip
    figure = go.Figure(tree)
    return _titled(workshop, figure, max(120, min(1400, 24 * leaves)), below=20)


# ---- answers


def answers(workshop: Workshop, *, research: bool | None = None) -> go.Figure:
    """One dot is one person. Each round of each proposal has a part of its own, with the words it was answered with."""
    rounds = [row for row in workshop.rounds(research=research).to_dict("records") if row["shown"]]
    if not rounds:
        return _empty_figure(workshop, "No answers to a proposal have been shown together yet.")
    answers = workshop.positions(research=research)
    order = list(dict.fromkeys(row["proposal"] for row in rounds))
    titles = [
        f"{order.index(row['proposal']) + 1}. {_shortened(row['text'])}<br>{_round_heading(row)}" for row in rounds
    ]
    levels_of_rounds = [[*row["counts"], *row["apart"]] for row in rounds]
    heights = [36 * len(levels) for levels in levels_of_rounds]  # two lines of a label to each
    whole = sum(heights) + _SUBPLOT_GAP * (len(rounds) - 1)
    figure = make_subplots(
        rows=len(rounds), cols=1, subplot_titles=titles, row_heights=heights, vertical_spacing=_SUBPLOT_GAP / whole
    )
    for number, (row, levels) in enumerate(zip(rounds, levels_of_rounds, strict=True), 1):
        of_round = answers[(answers["proposal"] == row["proposal"]) & (answers["version"] == row["version"])]
        for apart, some, start in ((False, row["counts"], 0), (True, row["apart"], len(row["counts"]))):
            figure.add_trace(_answer_dots(of_round, some, start, apart, legend=number == 1), row=number, col=1)
        labels = [_wrap(step["label"], LABEL_WIDTH, 2) for step in levels]
        figure.update_yaxes(
            tickvals=list(range(len(levels))), ticktext=labels, range=[len(levels) - 0.5, -0.5], row=number, col=1
        )
        limit = max([1, *(step["n"] for step in levels)])
        figure.update_xaxes(range=[0.3, max(5, limit) + 0.7], dtick=max(1, limit // 8), row=number, col=1)
    figure.update_xaxes(title="persons", row=len(rounds), col=1)
    beside = 150  # pixels: a heading begins above the labels, or a phone would cut it off
    figure.update_annotations(x=0, xref="paper", xanchor="left", align="left", font={"size": 13}, xshift=10 - beside)
    figure.update_yaxes(automargin=False)
    return _titled(workshop, figure, whole, above=70, below=90).update_layout(margin_l=beside)


def _round_heading(row: dict[str, Any]) -> str:
    withheld = f", {row['answers_kept_back']} not for research" if row["answers_kept_back"] else ""
    return f"round {row['round']}: {row['answered']} answered, {row['not_answered']} did not{withheld}"


def _answer_dots(answers: Any, steps: Sequence[dict[str, Any]], start: int, apart: bool, legend: bool) -> go.Scatter:
    """The answers of one round on the scale, or beside it: those of one level stand on each other and on nothing else.

    Words go with a dot and not with a person: they stand in the order of the alphabet.
    """
    xs: list[int] = []
    ys: list[int] = []
    words: list[str] = []
    for place, step in enumerate(steps, start):
        texts = sorted((text for text in answers[answers["level"] == step["level"]]["text"] if text), reverse=True)
        for person in range(step["n"]):
            xs.append(person + 1)
            ys.append(place)
            words.append(_wrap(texts.pop(), HOVER_WIDTH, 8) if texts else "no words with it")
    marker = {"size": 16, "symbol": "diamond" if apart else "circle", "color": COLOURS[1 if apart else 0]}
    name = "beside the scale" if apart else "on the scale"
    return go.Scatter(
        x=xs, y=ys, mode="markers", marker=marker, customdata=words, hovertemplate="%{customdata}<extra></extra>",
        name=name, legendgroup=name, showlegend=legend,
    )  # fmt: skip


def views(workshop: Workshop, *, research: bool | None = None) -> go.Figure:
    """The answers to each view, those first over which the group stands farthest apart."""
    table = divergences(workshop, research=research)
    table = table[table[list(ANSWERS)].sum(axis=1) > 0]
    if table.empty:
        return _empty_figure(workshop, "Nobody has answered a view yet.")
    figure = go.Figure()
    places = list(range(len(table)))
    for number, answer in enumerate(ANSWERS):
        marker = {"color": COLOURS[number], "pattern": {"shape": PATTERNS[number]}}
        figure.add_bar(
            y=places, x=table[answer], name=answer, orientation="h", marker=marker, width=0.4,
            text=[count or "" for count in table[answer]], textangle=0, textposition="inside",
        )  # fmt: skip
    for place, text in zip(places, table["text"], strict=True):
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=place - 0.22, yanchor="bottom", showarrow=False, align="left",
            text=f"{place + 1}. {_shortened(text)}",
        )  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_yaxes(range=[len(table) - 0.5, -0.85], visible=False)
    limit = int(table[list(ANSWERS)].sum(axis=1).max())
    figure.update_xaxes(title="persons", dtick=max(1, limit // 8), rangemode="tozero")
    return _titled(workshop, figure, 74 * len(table) + 30, above=10, below=90)


# ---- what all have


def _head(workshop: Workshop) -> str:
    return _shortened(f"{workshop.title} ({workshop.code})") + (
        "<br>a practice workshop, its people are invented" if workshop.practice else ""
    )


def _titled(workshop: Workshop, figure: go.Figure, height: int, *, above: int = 20, below: int = 50) -> go.Figure:
    """Whose figure it is stands above it: a picture is passed on without the page it stood in.

    `height` is that of what is drawn; `above` and `below` hold what stands around it there.
    """
    head = _head(workshop)
    lines = 18 * (head.count("<br>") + 1)
    margin = {"l": 20, "r": 20, "t": 20 + lines + above, "b": below}
    whole = height + margin["t"] + below
    title = {"text": head, "font": {"size": 14}, "x": 0.02, "xanchor": "left", "yref": "container"}
    title |= {"y": 1 - (lines - 2) / whole, "yanchor": "top"}
    legend = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0}
    return figure.update_layout(title=title, margin=margin, legend=legend, template="plotly_white", height=whole)


def _empty_figure(workshop: Workshop, why: str) -> go.Figure:
    figure = go.Figure()
    figure.update_xaxes(visible=False).update_yaxes(visible=False)
    figure.add_annotation(text=_wrap(why, HEADING_WIDTH, 4), showarrow=False, xref="paper", yref="paper", x=0, y=0.5,
                          xanchor="left", align="left", font={"size": 14})  # fmt: skip
    return _titled(workshop, figure, 60, below=20)


def _escaped(words: object) -> str:
    """Words that somebody typed, as plotly shows them and not as it reads them."""
    return html.escape(str(words), quote=False)


def _wrap(words: str, width: int, lines: int) -> str:
    return "<br>".join(map(_escaped, textwrap.wrap(words, width, max_lines=lines, placeholder=" …")))


def _shortened(words: object) -> str:
    return _wrap(str(words), HEADING_WIDTH, 2)
