"""marimo: a form, a list in an imported module, and a refresh that looks for news. Run by `marimo run`."""

import marimo

app = marimo.App(app_title="The stops")


@app.cell
def _():
    import marimo as mo
    from shared_list import TITLE, as_markdown, contributions

    return TITLE, as_markdown, contributions, mo


@app.cell
def _(TITLE, contributions, mo):
    form = mo.ui.text(label="Your contribution").form(
        submit_button_label="Share", on_change=lambda words: contributions.insert(0, words)
    )
    mo.vstack([mo.md(f"# {TITLE}"), form])
    return (form,)


@app.cell
def _(mo):
    again = mo.ui.refresh(default_interval="2s")
    mo.hstack([again])
    return (again,)


@app.cell
def _(again, as_markdown, contributions, form, mo):
    _ = again.value, form.value  # this cell runs again with either
    mo.md(as_markdown(contributions))
    return


if __name__ == "__main__":
    app.run()
