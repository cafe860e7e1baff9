"""The warm process looks at itself before it serves: what stands in it then is copied into every kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cowork.serve.kernels import provisioner

pytestmark = pytest.mark.skipif(
    bool(provisioner.why_unavailable()), reason=f"nothing can be forked: {provisioner.why_unavailable()}"
)


def test_nothing_with_a_state_stands_before_the_fork(prepared: Any) -> None:
    script = """
gc.unfreeze()
names = {f"{type(o).__module__}.{type(o).__qualname__}" for o in gc.get_objects()}
print(json.dumps([sorted(names), sorted(sys.modules), forkserver.fork_hazards({0, 1, 2})]))
"""
    names, modules, faults = prepared(script)
    stateful = ("zmq.sugar.context.Context", "zmq.sugar.socket.Socket", "sqlite3.Connection", "ipykernel.ipkernel.")
    stateful += ("sqlalchemy.engine.base.Engine", "cowork.store.record.Record", "cowork.feed.")
    assert [name for name in names if name.startswith(stateful) or "EventLoop" in name.split(".")[-1]] == []
    assert faults == []
    assert not {"pandas", "numpy", "plotly", "PIL", "sqlalchemy.orm", "voila", "jupyter_server"} & set(modules)


@pytest.mark.parametrize("what", ["threading.Thread(target=threading.Event().wait, daemon=True).start()", "open(path)"])
def test_it_finds_out_that_it_cannot_be_copied(what: str, tmp_path: Path, prepared: Any) -> None:
    (tmp_path / "somebody.cowork").touch()
    script = f"import threading\npath = {str(tmp_path / 'somebody.cowork')!r}\nheld = {what}\n"
    found = prepared(script + "print(json.dumps(forkserver.fork_hazards({0, 1, 2})))")
    assert found in (["2 threads"], [f"an open {tmp_path / 'somebody.cowork'}"])
