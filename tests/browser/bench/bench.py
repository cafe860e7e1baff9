"""The kernel's side of a bench: components on their own in a shell, with made-up words. See the tests beside this file.

A page is chosen by `?page=`, and what is on it by `&at=`: so a test changes what stands there as a kernel would,
while somebody reads.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

from cowork.core.errors import InvalidImport
from cowork.pages.session.credentials import kernel_id
from cowork.widgets import DocumentPreview, Prose, Shell, Tree, Upload

LOUD = "<script>window.ran = true</script><img src=x onerror='window.ran = true'>"


def step(ident: str, label: str, text: str, *steps: Any, wheel: str = "agreement", **more: Any) -> dict[str, Any]:
    """One step of a way back."""
    return {"id": ident, "label": label, "text": text, "wheel": wheel, "lang": "en", "steps": list(steps), **more}


def said(ident: str, words: str, by: str, when: str = "10:34", **more: Any) -> dict[str, Any]:
    place = {"href": f"?page=words&at={ident}", "href_text": "Where it was said"}
    quotes = [{"text": words, "lang": more.get("lang", "en")}]
    base = step(ident, "What was said", "", wheel="alignment", quotes=quotes, by=by, when_text=when)
    return {**base, **place, **more}


def small(note: str = "") -> list[dict[str, Any]]:
    """An agreement, what it rests on, a difference that is kept, and words that were taken back."""
    swedish = said("s1", "Jag vill att nästa person slipper berätta allt tre gånger.", "Gunilla", lang="sv")
    gap = step("s4", "What was said", "Words were here. The person who wrote them took them back.", wheel="alignment",
               state="gap")  # fmt: skip
    believed = step(
        "u1",
        "We now see",
        "Telling it again is not about memory. It is about not being believed.",
        swedish,
        said("s2", "Nobody asked my mum what a good day looks like for her.", "Sam", "10:35"),
        gap,
        by="Ana, Sam and Maria",
        when_text="10:57",
        note=[note] if note else [],
    )
    notes = step(
        "u2",
        "We now see",
        "Staff read the notes, but in a place patients cannot see.",
        said("s3", "We believe we explain more than we do.", "Dr Ek", "10:37"),
        step("t1", "", "Comes from talk that was not written down", state="unwritten"),
        by="Dr Ek and Yusuf",
        when_text="11:04",
        mark="What this rests on has changed since.",
    )
    other = step(
        "d1",
        "A different view, kept",
        "Once may be too little. People remember more later.",
        said("s5", "What if I remember more the day after?", "Teo", "11:08", wheel=""),
        by="Teo",
        when_text="11:09",
        dashed=True,
        wheel="",
    )
    text = "Every patient tells their story once. We write it down together."
    line = ["7 want it or go along, 1 not sure, 1 worry, 2 not answered."]
    return [step("a1", "We agreed", text, believed, notes, other, lead=True, when_text="12 November", note=line)]


def twice() -> list[dict[str, Any]]:
    """The same words reached by two ways; and a step that leads back to where it came from."""
    words = said("s2", "Nobody asked my mum what a good day looks like for her.", "Sam", "10:35")
    round_again = step(
        "v1", "A way of seeing it", "We ask, and then we do not listen.", words, {"id": "a1", "text": ""}
    )
    return [
        step("a1", "We agreed", "We listen first.", step("u1", "We now see", "Asking is not listening.", round_again),
             step("u2", "We now see", "Families know.", words, said("s6", LOUD, LOUD)), lead=True),
    ]  # fmt: skip


def many(branches: int, leaves: int) -> list[dict[str, Any]]:
    made = [
        step(f"i{n}", "We now see", f"Insight number {n}.",
             *(step(f"v{n}-{m}", "A way of seeing it", f"View {n}, {m}.",
                    said(f"s{n}-{m}", f"Words {n}, {m}.", "Kim"), wheel="alignment") for m in range(leaves)))
        for n in range(branches)
    ]  # fmt: skip
    return [step("a1", "We agreed", "We try it for a month.", *made, lead=True)]


def far() -> list[dict[str, Any]]:
    """Words that stand in a folded branch, and once more where one sees them."""
    first = many(4, 6)[0]
    return [{**first, "steps": [*first["steps"], {"id": "s0-0", "text": ""}]}]


def ended() -> list[dict[str, Any]]:
    """An agreement with the proposal it closed, which rests on the same and on more."""
    (agreed,) = small()
    first, *others = agreed["steps"]
    more = said("s9", "Who asked for this?", "Kim", "11:20")
    proposal = step("p1", "A proposal", "Every patient tells their story once.", {**first, "steps": []}, more)
    return [{**agreed, "steps": [first, *others, {**proposal, "beside": True}]}]


STEPS = {
    "": small,
    "ended": ended,
    "more": lambda: small("One more note."),
    "less": lambda: [{**one, "steps": one["steps"][1:]} for one in small()],
    "twice": twice,
    "few": lambda: many(2, 2),  # 11 steps: all stands open
    "many": lambda: many(4, 6),  # 53 steps: folded, and still a picture
    "far": far,
    "beside": lambda: [
        step(
            "a1",
            "We agreed",
            "We listen first.",
            step(
                "p1",
                "We proposed",
                "To listen first.",
                step("u1", "We now see", "Asking is not listening."),
                beside=True,
            ),
            lead=True,
        )
    ],
    "most": lambda: many(5, 6),  # 66 steps: a list only
    "none": lambda: [],
}
BEGIN = ("Every patient tells their story once.", "We disagree about evenings.", "Who reads the notes?")


def begin(at: str) -> list[dict[str, Any]]:
    labels = ("We agreed", "We keep this difference", "Open question")
    return [
        {"id": f"b{n}", "label": label, "text": words, "href": f"?page=trace&at=b{n}", "here": at == f"b{n}" or not n}
        for n, (label, words) in enumerate(zip(labels, BEGIN, strict=True))
    ]


REPORT = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A report</title>
<style>body {{ font: 1rem/1.5 sans-serif; margin: 1rem; max-width: 40rem }} body > h2 {{ color: #036 }}</style></head>
<body><h1>What we did</h1><p>Åsa said: “we listened”.</p><p><a href="#end">To the end</a></p>
<p><a href="https://other.example/page">Elsewhere</a> <a href="?page=front">Inside</a></p>
<script>parent.ran = true; document.body.dataset.ran = "yes"</script><p>{LOUD}</p>
{"<p>One more paragraph of what was written down, long enough to need a second line here.</p>" * 40}
<h2 id="end">The end</h2></body></html>"""


class Forgetful(Upload):
    """A line on which the second piece is lost once, of which `at_loss` is told."""

    at_loss: Callable[[], None] | None = None

    def _receive_chunk(self, content: dict[str, Any], buffers: object) -> None:
        if content.get("at") and self.at_loss:
            self.at_loss()
            self.at_loss = None
            return
        super()._receive_chunk(content, buffers)


class Bench:
    """The pages, and a line for each thing that arrived."""

    def __init__(self) -> None:
        self.log = Prose()
        self.tree: Tree | None = None
        self.paper: DocumentPreview | None = None
        self.shell = Shell(title="A bench", code="KIND-7", ready=True, kernel=kernel_id())
        self.shell.on_message("hello", lambda m: self.turn(m["page"], m["at"]))
        self.shell.on_message("go", lambda m: self.turn(m["page"], m["at"]))
        self.shell.on_message("lang", lambda m: self.speak(m["lang"]))
        self.now = ""

    def speak(self, lang: str) -> None:
        for part in (self.shell, *self.shell.parts):
            part.lang = lang

    def heard(self, line: str) -> None:
        self.log.blocks = [*self.log.blocks, {"p": line}]

    def turn(self, page: str, at: str) -> None:
        if page == "trace" and self.now == "trace" and self.tree:
            self.tree.show(STEPS.get(at, small)(), begin(at))
            return
        self.now = page
        self.log = Prose()
        made = {"trace": self.trace, "report": self.report, "file": self.file, "picture": self.picture}
        parts = made.get(page, self.front)(at)
        for part in parts:
            part.lang = self.shell.lang
        self.shell.parts = (*parts, self.log)

    def front(self, at: str) -> list[Any]:
        pages = [{"href": f"?page={p}", "text": p, "page": p} for p in ("trace", "report", "file", "picture")]
        return [Prose(blocks=[{"h": "The bench", "level": 1}, {"p": at}, {"links": pages}])]

    def trace(self, at: str) -> list[Any]:
        self.tree = Tree(
            heading="How did we get here?",
            level=1,
            hint="Follow any agreement, difference or question back to people's words.",
            empty="Nothing written here that leads back.",
            begin_h="Where would you like to begin?",
        )
        self.tree.show(STEPS.get(at, small)(), begin(at))
        return [self.tree]

    def report(self, at: str) -> list[Any]:
        if at == "same" and self.paper:  # as when a page is drawn anew around what the kernel still holds
            return [self.paper]
        hint = "You see every page before anything leaves this workshop."
        paper = DocumentPreview(heading="The report", level=1, hint=hint, leaves=at != "stays")
        file = "ward-7 <script>.html" if at == "loud" else "ward-7.html"
        if at == "fails":  # at the first press; the third takes away what the second has made
            turns = iter((lambda: 1 / 0, lambda: paper.show(REPORT.encode(), file), paper.clear))
            paper.on_message("read", lambda _: next(turns)())
        else:
            paper.on_message("read", lambda _: paper.show(REPORT.encode(), file))
        paper.on_message("saved", lambda _: self.heard(f"saved, {hashlib.sha256(REPORT.encode()).hexdigest()[:16]}"))
        self.paper = paper
        return [paper]

    def upload(self, at: str, heading: str, **traits: Any) -> list[Any]:
        made = Upload(**traits)
        if at == "lost":
            made = Forgetful(**traits)
            made.at_loss = lambda: self.heard("a piece was lost")
        made.on_file(self.arrived)
        made.on_message("cancel", lambda _: self.heard("told to stop"))
        return [Prose(blocks=[{"h": heading, "level": 1}]), made]

    def file(self, at: str) -> list[Any]:
        hint = "A transcript of what was said. You see what is in it before anything is kept."
        return self.upload(at, "A file", label="The transcript", hint=hint, accept=".vtt,.txt", largest=3 * 1024 * 1024)

    def picture(self, at: str) -> list[Any]:
        hint = "Where it was taken stays on your device."
        return self.upload(at, "A picture", label="A photo of the board", hint=hint, image=True)

    def arrived(self, name: str, data: bytes) -> str | None:
        line = f"{name}: {len(data)} bytes, {hashlib.sha256(data).hexdigest()[:16]}"
        if data[:2] == b"\xff\xd8":
            from PIL import Image

            picture = Image.open(io.BytesIO(data))
            line += f", {picture.width} by {picture.height}, exif: {len(picture.getexif())}"
            line += f", top left: {'red' if picture.getpixel((9, 9))[0] > 150 else 'blue'}"
        self.heard(line)
        if name.startswith("empty"):
            raise InvalidImport("import.empty")
        if name.startswith("fault") and not any("again" in one["p"] for one in self.log.blocks):
            self.heard("again")
            raise OSError("the disk")
        return "It holds three turns." if name.startswith("told") else None


def show() -> Shell:
    """What the notebook's one cell shows."""
    bench = Bench()  # empty until the browser has introduced itself: a page shown before would be shown twice
    bench.shell.bench = bench
    return bench.shell
