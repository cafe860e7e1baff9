"""Where the code asks for words: what it asks for must exist, and it must say nothing by itself.

Read with `ast` for Python and with plain patterns for JavaScript. The patterns see what is usual, not all
that can be written: a key put together at run time is checked by its beginning only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from cowork.text import PLACE

Known = Mapping[str, str | Mapping[str, str]]
"""What `cowork.text.words` gives for every key."""

ERROR = re.compile(r"error\.\w")
"""Errors carry a key from the floors below: whatever takes one as its first argument is read like `say`."""
LITERAL = r"""(?P<quote>["'`])(?P<said>(?:\\.|(?!(?P=quote))[^\n])*)(?P=quote)"""
JS_SAY = re.compile(r"\bsay\(\s*(?:[\w.]+\s*,\s*)?" + LITERAL + r"\s*(?=[,)])")
SHOWS = r"(?:text|label|heading|hint|legend|title|placeholder|ariaLabel)"
JS_SHOWN = re.compile(
    rf"""(?:\b(?:textContent|innerText|{SHOWS})\s*=(?!=)
         |\b{SHOWS}\s*:
         |["']aria-(?:label|description)["']\s*[:,]
         |["'](?:title|placeholder)["']\s*,
         |\b(?:append|prepend|replaceChildren|createTextNode|alert|confirm|coworkSay)\((?:[\w.\s]+,)*
         |\btell\([\w.]+\s*,
         |\bh\(\s*"[\w-]+"\s*,\s*(?:\{{[^{{}}]*\}}|null)\s*,
         )\s*{LITERAL}""",
    re.VERBOSE,
)
JS_SKIPPED = re.compile(
    r"""/\*.*?\*/|(?<!\\)//[^\n]*|(?P<keep>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)""",
    re.DOTALL,
)


def python_faults(source: str, known: Known) -> Iterator[str]:
    """Calls of `say` and of errors whose key is unknown, or that leave a place of the sentence open."""
    for call in ast.walk(ast.parse(source)):
        if not (isinstance(call, ast.Call) and call.args):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        for key, whole in _strings(call.args[0]):
            if name != "say" and not ERROR.match(key):
                continue
            where = f"line {call.lineno}: {key}"
            if not whole:
                if not any(other.startswith(key) for other in known):
                    yield f"{where}… begins no key"
            elif key not in known:
                yield f"{where} is no key"
            else:
                yield from (f"{where} {fault}" for fault in _left_open(call, known[key]))


def _strings(node: ast.expr) -> Iterator[tuple[str, bool]]:
    """The texts an argument can be, and if each is whole or only a beginning."""
    match node:
        case ast.Constant(value=str(text)):
            yield text, True
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            yield text, False
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add()):
            yield text, False
        case ast.IfExp(body=body, orelse=orelse):
            yield from _strings(body)
            yield from _strings(orelse)


def _left_open(call: ast.Call, said: str | Mapping[str, str]) -> Iterator[str]:
    given = {keyword.arg for keyword in call.keywords}
    if None in given:  # **values: only the run shows what is in it
        return
    forms = [said] if isinstance(said, str) else list(said.values())
    if not isinstance(said, str) and "n" not in given and len(call.args) < 3:
        yield "counts something, and is given no n"
    for place in sorted({place for form in forms for place in PLACE.findall(form)} - given - {"n"}):
        yield f"is given nothing for {{{place}}}"
    if isinstance(said, str) and "{n}" in said and "n" not in given and len(call.args) < 3:
        yield "is given nothing for {n}"


def js_faults(source: str, known: Iterable[str], listed: Iterable[str]) -> Iterator[str]:
    """Keys that JavaScript says and that are unknown, or that its widget does not send along."""
    known, listed = set(known), set(listed)
    code = without_comments(source)
    asked = {found["said"] for found in JS_SAY.finditer(code) if "${" not in found["said"]}
    for key in sorted(asked - known):
        yield f"{key} is no key"
    # A key may reach say() by way of a condition or a table: every literal that is a key counts.
    literals = {found["said"] for found in re.finditer(LITERAL, code)}
    for key in sorted((asked | literals) & known - listed):
        yield f"{key} is not in the WORDS of its widget"


def js_shown(source: str, known: Iterable[str]) -> list[str]:
    """Human text written into JavaScript, where no translator finds it."""
    keys = set(known)
    found = []
    for match in JS_SHOWN.finditer(without_comments(source)):
        said = re.sub(r"\$\{[^}]*\}", "", match["said"])
        human = re.search(r"[^\W\d_]", said) and (" " in said.strip() or said.strip()[:1].isupper())
        if human and said not in keys:
            found.append(match["said"])
    return found


def without_comments(source: str) -> str:
    """JavaScript without its comments; a `//` inside a text, as in an address, is left alone."""
    return JS_SKIPPED.sub(lambda match: match["keep"] or " ", source)
