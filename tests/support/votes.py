"""What tests read out of a server's answer, and how they ask to speak to a kernel."""

from __future__ import annotations

import json
import re
from typing import Any

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
}


def notebook(*cells: tuple[str, str], cowork: Any = None) -> str:
    """A notebook of (kind, source) cells; `cowork` is what it says of itself to the server."""
    made = []
    for number, (kind, source) in enumerate(cells):
        cell: dict[str, Any] = {"cell_type": kind, "id": str(number), "metadata": {}, "source": source.strip()}
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        made.append(cell)
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": spec, "title": "A page"} | ({} if cowork is None else {"cowork": cowork})
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def kernel_of(page: str) -> str:
    found = re.search(r'<meta name="cw-kernel" content="([0-9a-f-]{36})">', page)
    assert found, page[-1000:]
    return found[1]


def xsrf_of(answer: Any) -> str:
    found = re.search(r"_xsrf=([^;]+)", " ".join(answer.headers.get_all("Set-Cookie") or []))
    assert found, "no XSRF cookie came with the page, so its goodbye would be refused"
    return found[1]


def cookies_of(answer: Any) -> list[str]:
    return answer.headers.get_all("Set-Cookie") or []


def visitor_of(answer: Any) -> str:
    found = re.search(r"cowork-visitor=([0-9a-f]{32}); HttpOnly; Path=/; SameSite=Lax", "\n".join(cookies_of(answer)))
    assert found, "without it anybody who knows a kernel's id could speak to it"
    return found[1]
