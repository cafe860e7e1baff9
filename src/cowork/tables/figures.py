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
from cowork.tables.measures import ANSWERS, divergences
from cowork.tables.workshop import Workshop

#: Okabe and Ito's colours, told apart by people who see few colours.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999", "#000000")
#: Behind black letters.
LIGHT = ("#9ecae1", "#fdd49e", "#a8ddb5", "#e7c6dc", "#c6dbef", "#f7b99a", "#f5ef9f", "#d9d9d9")
PATTERNS = ("", "/", ".", "x", "\\", "+")

#: Signs to a line: of a heading, which must fit a phone, of words under the pointer, and of a label beside an axis.
LINE, HOVER, LABEL = 44, 60, 22

#: Pixels between two parts of a figure: a heading of three lines and an axis.
_BETWEEN = 110


# ---- how we met


def path(w: Workshop, *, research: bool | None = None) -> go.Figure:
    """The way over the nine cells, a numbered dot for each session; those of one cell lie beside each other."""
    met = w.episodes(research=research).query("time != '' and space != ''")
    if met.empty:
        return _nothing(w, "No session has a time and a space yet.")
    cells: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, (space, time) in enumerate(zip(met["space"], met["time"], strict=True)):
        cells[space, time].append(place)
    where = {}
    for (space, time), held in cells.items():
        side = ceil(sqrt(len(held)))
        for n, place in enumerate(held):
            across, down = (n % side + 0.5) / side - 0.5, (n // side + 0.5) / side - 0.5
            where[place] = SPACES.index(space) + 0.8 * across, TIMES.index(time) + 0.8 * down
    side = ceil(sqrt(max(map(len, cells.values()))))
    size = max(12, 30 - 5 * (side - 1))
    names = [f"{n}. {_typed(name)}" for n, name in enumerate(met["episode"], 1)]
    dots = go.Scatter(
        x=[where[place][0] for place in range(len(met))],
        y=[where[place][1] for place in range(len(met))],
        mode="lines+markers+text",
        text=[str(n) for n in range(1, len(met) + 1)],
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
    return _signed(w, figure, 300)


def heard(w: Workshop, *, research: bool | None = None) -> go.Figure:
    """By way of taking part: how many wrote, and what became of their words."""
    table = w.heard(research=research)
    if table.empty:
        return _nothing(w, f"Fewer than {MIN_GROUP_SIZE} people took part in one of the ways, so no way is told apart.")
    parts = (("persons", ("people", "wrote")), ("texts", ("texts", "answered", "taken_up")))
    figure = make_subplots(rows=2, cols=1, subplot_titles=[title for title, _ in parts], vertical_spacing=0.25)
    n = 0
    for row, (_, columns) in enumerate(parts, 1):
        for column in columns:
            look = {"color": COLOURS[n], "pattern": {"shape": PATTERNS[n]}}
            bar = go.Bar(y=table["way"], x=table[column], text=table[column], name=column, orientation="h", marker=look)
            bar.update(textangle=0)
            figure.add_trace(bar, row=row, col=1)
            n += 1
    figure.update_yaxes(autorange="reversed", type="category").update_xaxes(rangemode="tozero")
    figure.update_layout(barmode="group")
    return _signed(w, figure, 140 + 120 * len(table), above=40, below=90)


# ---- the thread


#: Kinds in the order of the thread. A kind of a page of one's own stands before what ends it.
ORDER = ("intention", "asset", "need", "utterance", "talked", "image", "view", "theme", "interpretation",
         "understanding", "", "proposal", "outcome", "action", "response")  # fmt: skip


def thread(w: Workshop, *, research: bool | None = None) -> go.Figure:
    """Every text that is tied to another: a column for each kind, a line for each link that what was made rests on."""
    from cowork.core.provenance import PROVENANCE

    table = w.links(research=research)
    ties = table[table["relation"].isin(PROVENANCE)].drop_duplicates(["source", "target"])
    if ties.empty:
        return _nothing(w, "Nothing here rests on other words yet.")
    texts = w.contributions(research=research).drop_duplicates("id").set_index("id")["text"]
    kinds = dict(zip(ties["target"], ties["target_kind"], strict=True))
    kinds |= dict(zip(ties["source"], ties["source_kind"], strict=True))
    gaps = {target: gap for target, gap in zip(ties["target"], ties["gap"], strict=True) if gap}
    pairs = list(zip(ties["target"], ties["source"], strict=True))
    columns, places = _columns(kinds, pairs)
    figure = go.Figure(_ties(pairs, places))
    for n, (kind, held) in enumerate(columns.items()):
        figure.add_scatter(
            x=[places[one][0] for one in held],
            y=[places[one][1] for one in held],
            mode="markers",
            marker={"size": 11, "color": COLOURS[n % len(COLOURS)], "symbol": _symbols(held, gaps)},
            customdata=[_hover(texts.get(one, ""), gaps.get(one, "")) for one in held],
            hovertemplate=f"{_typed(kind)}: %{{customdata}}<extra></extra>",
            showlegend=False,
        )
    named = [f"{_typed(kind) or 'not here'} ({len(held)})" for kind, held in columns.items()]
    most = max(map(len, columns.values()))
    figure.update_xaxes(tickvals=list(range(len(columns))), ticktext=named, side="top", showgrid=False, zeroline=False)
    figure.update_xaxes(range=[-0.5, len(columns) - 0.3], tickangle=-60, automargin=True)
    figure.update_yaxes(visible=False, autorange="reversed")
    return _signed(w, figure, max(200, min(1300, 20 * most)), above=110, below=20)


def _columns(
    kinds: dict[str, str], pairs: Sequence[tuple[str, str]]
) -> tuple[dict[str, list[str]], dict[str, tuple[int, float]]]:
    """The kinds from left to right with their texts, each as near as may be to what it rests on; and all places."""
    rank = {kind: n for n, kind in enumerate(ORDER)}
    columns: dict[str, list[str]] = defaultdict(list)
    for one in sorted(kinds, key=lambda one: rank.get(kinds[one], rank[""])):
        columns[kinds[one]].append(one)
    under: dict[str, list[str]] = defaultdict(list)
    for target, source in pairs:
        under[source].append(target)
    most = max(map(len, columns.values()))
    places: dict[str, tuple[int, float]] = {}
    for x, held in enumerate(columns.values()):
        near = {}
        for one in held:
            ys = [places[below][1] for below in under[one] if below in places]
            near[one] = sum(ys) / len(ys) if ys else most / 2
        held.sort(key=lambda one: near[one])
        places |= {one: (x, (n + 0.5) * most / len(held)) for n, one in enumerate(held)}
    return columns, places


def _ties(pairs: Iterable[tuple[str, str]], places: dict[str, tuple[int, float]]) -> go.Scatter:
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


def _symbols(held: Iterable[str], gaps: dict[str, str]) -> list[str]:
    return ["circle-open" if one in gaps else "circle" for one in held]


def _hover(text: object, gap: str) -> str:
    return _wrapped(str(text), HOVER, 8) or (f"no words: {_typed(gap)}" if gap else "")


def trace(w: Workshop, number: int = 1, *, research: bool | None = None) -> go.Figure:
    """One ending, back to the words it rests on: the `number`th that was written, from 1."""
    table = w.traces(research=research)
    ids = list(dict.fromkeys(table["ending"]))
    if not 1 <= number <= len(ids):
        return _nothing(w, f"There is no ending number {number}: {len(ids)} stand here.")
    steps = table[table["ending"] == ids[number - 1]]
    kinds = [_typed(kind or gap or "gap") for kind, gap in zip(steps["kind"], steps["gap"], strict=True)]
    colour = {kind: LIGHT[n % len(LIGHT)] for n, kind in enumerate(dict.fromkeys(kinds))}
    above = set(steps["under"].dropna())
    leaves = sum(step not in above for step in steps["step"])
    tree = go.Icicle(
        ids=[str(step) for step in steps["step"]],
        parents=["" if under is None else str(under) for under in steps["under"].astype(object).where(
            steps["under"].notna(), None)],
        labels=kinds,
        customdata=[_hover(text, gap) for text, gap in zip(steps["text"], steps["gap"], strict=True)],
        hovertemplate="%{label}: %{customdata}<extra></extra>",
        marker={"colors": [colour[kind] for kind in kinds], "line": {"color": "white", "width": 1}},
        textfont={"size": 12, "color": "black"},
        tiling={"orientation": "h"},
    )  # fmt: skip
    figure = go.Figure(tree)
    return _signed(w, figure, max(120, min(1400, 24 * leaves)), below=20)


# ---- answers


def answers(w: Workshop, *, research: bool | None = None) -> go.Figure:
    """One dot is one person. Each round of each proposal has a part of its own, with the words it was answered with."""
    rounds = [row for row in w.rounds(research=research).to_dict("records") if row["shown"]]
    if not rounds:
        return _nothing(w, "No answers to a proposal have been shown together yet.")
    given = w.positions(research=research)
    order = list(dict.fromkeys(row["proposal"] for row in rounds))
    titles = [f"{order.index(row['proposal']) + 1}. {_short(row['text'])}<br>{_answered(row)}" for row in rounds]
    steps = [[*row["counts"], *row["apart"]] for row in rounds]
    heights = [36 * len(held) for held in steps]  # two lines of a label to each
    whole = sum(heights) + _BETWEEN * (len(rounds) - 1)
    figure = make_subplots(
        rows=len(rounds), cols=1, subplot_titles=titles, row_heights=heights, vertical_spacing=_BETWEEN / whole
    )
    for n, (row, held) in enumerate(zip(rounds, steps, strict=True), 1):
        of_round = given[(given["proposal"] == row["proposal"]) & (given["version"] == row["version"])]
        for apart, some, start in ((False, row["counts"], 0), (True, row["apart"], len(row["counts"]))):
            figure.add_trace(_dots(of_round, some, start, apart, legend=n == 1), row=n, col=1)
        labels = [_wrapped(step["label"], LABEL, 2) for step in held]
        figure.update_yaxes(
            tickvals=list(range(len(held))), ticktext=labels, range=[len(held) - 0.5, -0.5], row=n, col=1
        )
        most = max([1, *(step["n"] for step in held)])
        figure.update_xaxes(range=[0.3, max(5, most) + 0.7], dtick=max(1, most // 8), row=n, col=1)
    figure.update_xaxes(title="persons", row=len(rounds), col=1)
    beside = 150  # pixels: a heading begins above the labels, or a phone would cut it off
    figure.update_annotations(x=0, xref="paper", xanchor="left", align="left", font={"size": 13}, xshift=10 - beside)
    figure.update_yaxes(automargin=False)
    return _signed(w, figure, whole, above=70, below=90).update_layout(margin_l=beside)


def _answered(row: dict[str, Any]) -> str:
    kept = f", {row['answers_kept_back']} not for research" if row["answers_kept_back"] else ""
    return f"round {row['round']}: {row['answered']} answered, {row['not_answered']} did not{kept}"


def _dots(given: Any, steps: Sequence[dict[str, Any]], start: int, apart: bool, legend: bool) -> go.Scatter:
    """The answers of one round on the scale, or beside it: those of one level stand on each other and on nothing else.

    Words go with a dot and not with a person: they stand in the order of the alphabet.
    """
    xs: list[int] = []
    ys: list[int] = []
    words: list[str] = []
    for place, step in enumerate(steps, start):
        texts = sorted((t for t in given[given["level"] == step["level"]]["text"] if t), reverse=True)
        for person in range(step["n"]):
            xs.append(person + 1)
            ys.append(place)
            words.append(_wrapped(texts.pop(), HOVER, 8) if texts else "no words with it")
    look = {"size": 16, "symbol": "diamond" if apart else "circle", "color": COLOURS[1 if apart else 0]}
    name = "beside the scale" if apart else "on the scale"
    return go.Scatter(
        x=xs, y=ys, mode="markers", marker=look, customdata=words, hovertemplate="%{customdata}<extra></extra>",
        name=name, legendgroup=name, showlegend=legend,
    )  # fmt: skip


def views(w: Workshop, *, research: bool | None = None) -> go.Figure:
    """The answers to each view, those first over which the group stands farthest apart."""
    table = divergences(w, research=research)
    table = table[table[list(ANSWERS)].sum(axis=1) > 0]
    if table.empty:
        return _nothing(w, "Nobody has answered a view yet.")
    figure = go.Figure()
    places = list(range(len(table)))
    for n, answer in enumerate(ANSWERS):
        look = {"color": COLOURS[n], "pattern": {"shape": PATTERNS[n]}}
        figure.add_bar(
            y=places, x=table[answer], name=answer, orientation="h", marker=look, width=0.4,
            text=[count or "" for count in table[answer]], textangle=0, textposition="inside",
        )  # fmt: skip
    for place, text in zip(places, table["text"], strict=True):
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=place - 0.22, yanchor="bottom", showarrow=False, align="left",
            text=f"{place + 1}. {_short(text)}",
        )  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_yaxes(range=[len(table) - 0.5, -0.85], visible=False)
    most = int(table[list(ANSWERS)].sum(axis=1).max())
    figure.update_xaxes(title="persons", dtick=max(1, most // 8), rangemode="tozero")
    return _signed(w, figure, 74 * len(table) + 30, above=10, below=90)


# ---- what all have


def _head(w: Workshop) -> str:
    return _short(f"{w.title} ({w.code})") + ("<br>a practice workshop, its people are invented" if w.practice else "")


def _signed(w: Workshop, figure: go.Figure, height: int, *, above: int = 20, below: int = 50) -> go.Figure:
    """Whose figure it is stands above it: a picture is passed on without the page it stood in.

    `height` is that of what is drawn; `above` and `below` hold what stands around it there.
    """
    head = _head(w)
    lines = 18 * (head.count("<br>") + 1)
    margin = {"l": 20, "r": 20, "t": 20 + lines + above, "b": below}
    whole = height + margin["t"] + below
    title = {"text": head, "font": {"size": 14}, "x": 0.02, "xanchor": "left", "yref": "container"}
    title |= {"y": 1 - (lines - 2) / whole, "yanchor": "top"}
    legend = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0}
    return figure.update_layout(title=title, margin=margin, legend=legend, template="plotly_white", height=whole)


def _nothing(w: Workshop, why: str) -> go.Figure:
    figure = go.Figure()
    figure.update_xaxes(visible=False).update_yaxes(visible=False)
    figure.add_annotation(text=_wrapped(why, LINE, 4), showarrow=False, xref="paper", yref="paper", x=0, y=0.5,
                          xanchor="left", align="left", font={"size": 14})  # fmt: skip
    return _signed(w, figure, 60, below=20)


def _typed(words: object) -> str:
    """Words that somebody typed, as plotly shows them and not as it reads them."""
    return html.escape(str(words), quote=False)


def _wrapped(words: str, width: int, lines: int) -> str:
    return "<br>".join(map(_typed, textwrap.wrap(words, width, max_lines=lines, placeholder=" …")))


def _short(words: object) -> str:
    return _wrapped(str(words), LINE, 2)
