"""Figures of answers for a researcher's notebook: in no table, on no page, in no report.

They are kept apart from the tables, since each must be read together with the counts and the words.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from cowork.analysis.measures import MIN_ANSWERS, Spread, divergence, spread
from cowork.tables.workshop import Workshop

if TYPE_CHECKING:
    from pandas import DataFrame

#: The stances on a view, in the order of their distance from it.
ANSWERS = ("with", "unsure", "differ")


def spreads(workshop: Workshop, *, research: bool | None = None) -> DataFrame:
    """Median, quartiles and consensus of each round of each proposal, of the answers on its scale.

    Rounds with fewer than eight answers on the scale have no row: one person would make the figure.
    """
    import pandas as pd  # heavy: only where a table is made

    rows: list[dict[str, Any]] = []
    for row in workshop.rounds(research=research).to_dict("records"):
        counts = [step["n"] for step in row["counts"]]
        made = spread(counts) if len(counts) > 1 else None
        if made is not None:
            figures = {field.name: getattr(made, field.name) for field in fields(Spread)}
            rows.append({"proposal": row["proposal"], "text": row["text"], "round": row["round"], **figures})
    columns = ["proposal", "text", "round", *(field.name for field in fields(Spread))]
    return pd.DataFrame(rows, columns=columns)


def divergences(workshop: Workshop, *, research: bool | None = None) -> DataFrame:
    """The answers to each view, those first over which the group stands farthest apart; every view has a row.

    `divergence` is a figure from eight answers on. Below that it orders the rows and is not told.
    """
    import pandas as pd  # heavy: only where a table is made

    stances = workshop.stances(research=research).query("kind == 'stance'")
    texts = (
        workshop.contributions(research=research).query("kind == 'view'").drop_duplicates("id").set_index("id")["text"]
    )
    rows = []
    for view, text in texts.items():
        answers = stances[stances["view"] == view]["answer"]
        counts = {answer: int((answers == answer).sum()) for answer in ANSWERS}
        rows.append({"view": view, "text": text, **counts, "order": divergence(*counts.values()) or 0.0})
    columns = ["view", "text", *ANSWERS, "order"]
    table = pd.DataFrame(rows, columns=columns).sort_values("order", ascending=False, kind="stable")
    enough = table[list(ANSWERS)].sum(axis=1) >= MIN_ANSWERS
    table["divergence"] = table["order"].astype("float64").where(enough)
    return table.drop(columns="order").reset_index(drop=True)
