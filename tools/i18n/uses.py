"""Where the code asks for words: what it asks for must exist, what exists must be asked for, and it must say nothing
by itself.

Read with `ast` for Python and with plain patterns for JavaScript and templates. The patterns see what is usual, not all
that can be written. A key put together at run time is followed to the loop it is made in, where that loop runs over a
constant; elsewhere the test names the set it is made from.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cowork.text import PLACEHOLDER

Known = Mapping[str, str | Mapping[str, str]]
"""What `cowork.text.words` gives for every key."""

ERROR = re.compile(r"error\.\w")
"""Errors carry a key from the floors below: whatever takes one as its first argument is read like `t`."""
TRANSLATES = frozenset({"t", "translate", "say"})  # in Python, in a page or a report, and in a template
LITERAL = r"""(?P<quote>["'`])(?P<said>(?:\\.|(?!(?P=quote))[^\n])*)(?P=quote)"""
JS_T = re.compile(r"\bt\(\s*(?:[\w.]+\s*,\s*)?" + LITERAL + r"\s*(?=[,)])")
JS_TEXT_PROPERTIES = r"(?:text|label|heading|hint|legend|title|placeholder|ariaLabel)"
JS_LITERAL_TEXT = re.compile(
    rf"""(?:\b(?:textContent|innerText|{JS_TEXT_PROPERTIES})\s*=(?!=)
         |\b{JS_TEXT_PROPERTIES}\s*:
         |["']aria-(?:label|description)["']\s*[:,]
         |["'](?:title|placeholder)["']\s*,
         |\b(?:append|prepend|replaceChildren|createTextNode|alert|confirm|coworkSay)\((?:[\w.\s]+,)*
         |\b(?:setText|setLine)\([\w.]+\s*,
         |\bh\(\s*"[\w-]+"\s*,\s*(?:\{{[^{{}}]*\}}|null)\s*,
         )\s*{LITERAL}""",
    re.VERBOSE,
)
JS_COMMENT = re.compile(
    r"""/\*.*?\*/|(?<!\\)//[^\n]*|(?P<keep>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)""",
    re.DOTALL,
)

TEMPLATE_PLACE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
#: Found wherever it stands: a key may be said within another text, as in `${t(model, "a.h")} …`.
KEY_LITERAL = re.compile(rf"""(?P<quote>["'`])(?P<said>(?:[a-z0-9_.]|{TEMPLATE_PLACE.pattern})+)(?P=quote)""")
JOINED_AFTER = re.compile(r"\s*[+~]")
JOINED_BEFORE = re.compile(r"[+~]\s*$")
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)


def python_faults(source: str, known: Known) -> Iterator[str]:
    """Calls of `t` or `translate` and of errors whose key is unknown, or that leave a place of the sentence open."""
    for call in ast.walk(ast.parse(source)):
        if not (isinstance(call, ast.Call) and call.args):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        for key, whole in _strings(call.args[0]):
            if name not in TRANSLATES and not ERROR.match(key):
                continue
            where = f"line {call.lineno}: {key}"
            if not whole:
                if not any(other.startswith(key) for other in known):
                    yield f"{where}… begins no key"
            elif key not in known:
                yield f"{where} is no key"
            else:
                yield from (f"{where} {fault}" for fault in _missing_values(call, known[key]))


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


def _missing_values(call: ast.Call, said: str | Mapping[str, str]) -> Iterator[str]:
    given = {keyword.arg for keyword in call.keywords}
    if None in given:  # **values: only the run shows what is in it
        return
    forms = [said] if isinstance(said, str) else list(said.values())
    if not isinstance(said, str) and "n" not in given and len(call.args) < 3:
        yield "counts something, and is given no n"
    for place in sorted({place for form in forms for place in PLACEHOLDER.findall(form)} - given - {"n"}):
        yield f"is given nothing for {{{place}}}"
    if isinstance(said, str) and "{n}" in said and "n" not in given and len(call.args) < 3:
        yield "is given nothing for {n}"


def js_faults(source: str, known: Iterable[str], listed: Iterable[str]) -> Iterator[str]:
    """Keys that JavaScript says and that are unknown, or that its widget does not send along."""
    known, listed = set(known), set(listed)
    code = without_comments(source)
    asked = {found["said"] for found in JS_T.finditer(code) if "${" not in found["said"]}
    for key in sorted(asked - known):
        yield f"{key} is no key"
    # A key may reach t() by way of a condition or a table: every literal that is a key counts.
    literals = {found["said"] for found in re.finditer(LITERAL, code)}
    for key in sorted((asked | literals) & known - listed):
        yield f"{key} is not in the WORDS of its widget"


def js_literal_texts(source: str, known: Iterable[str]) -> list[str]:
    """Human text written into JavaScript, where no translator finds it."""
    keys = set(known)
    found = []
    for match in JS_LITERAL_TEXT.finditer(without_comments(source)):
        said = re.sub(r"\$\{[^}]*\}", "", match["said"])
        human = re.search(r"[^\W\d_]", said) and (" " in said.strip() or said.strip()[:1].isupper())
        if human and said not in keys:
            found.append(match["said"])
    return found


def without_comments(source: str) -> str:
    """JavaScript without its comments; a `//` inside a text, as in an address, is left alone."""
    return JS_COMMENT.sub(lambda match: match["keep"] or " ", source)


# ---- from the catalogue to the code

Values = frozenset[str] | None
"""What can stand in a place; None where only the run knows."""
UNKNOWN = object()
"""A value that only the run knows."""


@dataclass(frozen=True)
class Use:
    """A place in the code that may ask for words. `keys` is None where only the run knows what goes into the shape.

    The shape is the key itself, or the key with `{}` for each part that is filled in: `intention.mean.{}`.
    """

    shape: str
    keys: Values

    def may_be(self, key: str) -> bool:
        return re.fullmatch(re.escape(self.shape).replace(r"\{\}", r"[a-z0-9_.]+"), key) is not None


def python_uses(source: str, names: Mapping[str, object]) -> Iterator[Use]:
    """Every text of Python code that could be a key; `names` is what the module holds, to look up constants in.

    Docstrings are no use, nor are the keys that a component sends along: its script has to say them.
    """
    tree = ast.parse(source)
    passed = {id(node) for part in ast.walk(tree) for node in _nodes_without_use(part)}
    yield from _uses(tree, names, passed, {})


def _nodes_without_use(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value)
        ) if value is not None and name.endswith("WORDS"):
            yield from ast.walk(value)


def _uses(node: ast.AST, names: Mapping[str, object], passed: set[int], bound: Mapping[str, Values]) -> Iterator[Use]:
    if id(node) in passed:
        return
    match node:
        case ast.Constant(value=str(text)):
            yield Use(text, frozenset({text}))
            return
        case ast.JoinedStr(values=parts):
            yield from _composed_keys(parts, bound)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _composed_keys([left, right], bound)
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[asked, *_]) if called in TRANSLATES:
            # Whatever is said is a key, however little of it is fixed.
            match asked:
                case ast.JoinedStr(values=parts):
                    yield from _composed_keys(parts, bound, said=True)
                case ast.BinOp(left=left, right=right):
                    yield from _composed_keys([left, right], bound, said=True)
        case ast.FunctionDef() | ast.Lambda():
            hidden = {arg.arg: None for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
            bound = {**bound, **hidden}
        case ast.For(target=target, iter=over):
            bound = {**bound, **_loop_values(target, over, names)}
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            for part in node.generators:
                bound = {**bound, **_loop_values(part.target, part.iter, names)}
    for child in ast.iter_child_nodes(node):
        # The fixed parts of a composed key are no keys by themselves.
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from _uses(child, names, passed, bound)


def _composed_keys(parts: list[ast.expr], bound: Mapping[str, Values], *, said: bool = False) -> Iterator[Use]:
    shape, ways, known = "", [""], True
    for part in parts:
        if isinstance(part, ast.Constant):
            shape += str(part.value)
            ways = [way + str(part.value) for way in ways]
            continue
        shape += "{}"
        value = part.value if isinstance(part, ast.FormattedValue) else part
        values = bound.get(value.id) if isinstance(value, ast.Name) else None
        known = known and values is not None
        ways = [way + each for way in ways for each in values or ()]
    if said or _may_be_key(shape):
        yield Use(shape, frozenset(ways) if known else None)


def _may_be_key(shape: str) -> bool:
    """False for `{}{}` and `{}kept`: what holds no dot of its own is a key only where it is said."""
    return "." in shape and re.search(r"[a-z]", shape) is not None


def _loop_values(target: ast.expr, over: ast.expr, names: Mapping[str, object]) -> dict[str, Values]:
    """What the names of a loop can hold, by what it runs over; None where only the run knows."""
    rows: Any = _constant_value(over, names)
    if not isinstance(rows, Iterable):
        rows = UNKNOWN
    if isinstance(target, ast.Name):
        return {target.id: _as_strings(rows)}
    found: dict[str, Values] = {}
    for place, name in enumerate(target.elts if isinstance(target, ast.Tuple) else ()):
        if isinstance(name, ast.Name):
            found[name.id] = (
                None if rows is UNKNOWN else _as_strings(UNKNOWN if row is UNKNOWN else row[place] for row in rows)
            )
    return found


def _as_strings(values: Any) -> Values:
    found = [UNKNOWN] if values is UNKNOWN else list(values)
    return None if UNKNOWN in found else frozenset(map(str, found))


def _constant_value(node: ast.expr, names: Mapping[str, object]) -> Any:
    """The value of a literal, of a constant of the module, or of `range`, `enumerate`, `.items()` and kin of those;
    OPEN where only the run knows."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name.isupper():  # another name may be a local one that hides the module's
            return names.get(name, UNKNOWN)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            if any(isinstance(part, ast.Starred) and _constant_value(part.value, names) is UNKNOWN for part in parts):
                return UNKNOWN
            return [item for part in parts for item in _constant_items(part, names)]
        case ast.Call(func=ast.Name(id="range"), args=args):
            ends = [_constant_value(arg, names) for arg in args]
            return UNKNOWN if UNKNOWN in ends else range(*ends)
        case ast.Call(func=ast.Name(id="enumerate"), args=[first, *_]):
            rows = _constant_value(first, names)
            return UNKNOWN if rows is UNKNOWN else list(enumerate(rows))
        case ast.Call(func=ast.Attribute(value=inner, attr=("items" | "values" | "keys") as which), args=[]):
            held = _constant_value(inner, names)
            return list(getattr(held, which)()) if isinstance(held, Mapping) else UNKNOWN
    return UNKNOWN


def _constant_items(node: ast.expr, names: Mapping[str, object]) -> list[Any]:
    return list(_constant_value(node.value, names)) if isinstance(node, ast.Starred) else [_constant_value(node, names)]


def script_uses(source: str) -> Iterator[Use]:
    """Every text of JavaScript code that could be a key."""
    return _text_uses(without_comments(source))


def template_uses(source: str) -> Iterator[Use]:
    """Every text of a template that could be a key."""
    return _text_uses(TEMPLATE_COMMENT.sub(" ", source))


def _text_uses(code: str) -> Iterator[Use]:
    for found in KEY_LITERAL.finditer(code):
        shape = TEMPLATE_PLACE.sub("{}", found["said"])
        # Joined to something by JavaScript's + or Jinja's ~, it is only a part of a key.
        if JOINED_BEFORE.search(code, 0, found.start()):
            shape = "{}" + shape
        if JOINED_AFTER.match(code, found.end()):
            shape += "{}"
        if "{}" not in shape:
            yield Use(shape, frozenset({shape}))
        elif _may_be_key(shape):
            yield Use(shape, None)


def keys_without_use(known: Iterable[str], found: Iterable[Use], built: Mapping[str, Iterable[str]]) -> list[str]:
    """The keys that nothing asks for. `built` names the keys of each shape that only the run fills in.

    A shape that might ask for one of them and is not in `built` is an error: it would hide a key for ever.
    """
    uses = list(found)
    left = set(known).difference(*(use.keys or () for use in uses))
    open_shapes = {use.shape for use in uses if use.keys is None and any(map(use.may_be, left))}
    if unnamed := sorted(open_shapes - built.keys()):
        raise ValueError(f"name the set that these keys are made from: {', '.join(unnamed)}")
    return sorted(left.difference(*built.values()))
