"""Set up cowork and run it. Needs nothing but Python 3.11 or newer; sets up nothing outside this folder.

    python run.py                    set up (about a minute, once), start the workbook, open the browser
    python run.py lab [...]          set up JupyterLab as well and open it with the notebooks; the rest goes to it
    python run.py test [...]         set up for tests, then run all checks; the rest goes to pytest
    python run.py lock [--upgrade]   work out the locked packages again from pyproject.toml (needs uv)
    python run.py anything else      goes to cowork's own command line, e.g. `python run.py list`

Everything lives in .venv beside this file; delete that folder to begin again. uv is used where it is found
(COWORK_NO_UV=1 says no), else venv and pip. Packages come from a list with hashes, so what is installed is
what was tested.

Hazard: an old Python, even Python 2, must be able to READ this file, or it cannot tell its owner that it is
too old: no f-strings, no annotations, ASCII only, and modules newer than Python 2.7 only inside functions.
"""

import hashlib
import os
import subprocess
import sys

OLDEST = (3, 11)
NOT_SET_UP = 10  # the exit code of this script alone; cowork's commands use 0 to 6
ROOT = os.path.dirname(os.path.abspath(__file__))
ENV = os.path.join(ROOT, ".venv")
SCRIPTS = os.path.join(ENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(SCRIPTS, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(ENV, "cowork.stamp")
NODE_STAMP = os.path.join(ROOT, "node_modules", "cowork.stamp")
OLDEST_NODE = 18  # which has `node --test`
LOCKS = {"run": "requirements.lock", "lab": "requirements-lab.lock", "test": "requirements-test.lock"}
# Each lock holds those that stand before it here: whoever has set up for tests has set up for the others too.
KINDS = ("run", "lab", "test")
COMMANDS = ("serve", "new", "list", "example", "import", "export", "report", "merge", "check")

# What the output of pip or uv says when something is wrong, and what that means for a person.
TROUBLES = (
    (
        ("do not match the hashes", "hash mismatch"),
        "A downloaded package is not the one that was tested: its hash differs. It was not installed.\n"
        "Most often a download broke on the way: try again. If it stays so, something between you and the\n"
        "package index changes packages; ask whoever runs your network.",
    ),
    (
        ("no space left", "not enough space"),
        "The disk is full. The set-up needs about 700 MB in this folder.",
    ),
    (
        (
            "name resolution",
            "failed to establish",
            "newconnectionerror",
            "error sending request",
            "dns error",
            "timed out",
            "timeout",
            "connection broken",
            "connection refused",
            "connection reset",
            "certificate",
            "proxyerror",
            "proxy error",
            "failed to fetch",
        ),
        "The packages could not be downloaded. Is this computer online, and does your network let Python out?"
        "\nThe first set-up needs the internet, later runs do not. Run the same command again to go on.",
    ),
    (
        ("permission denied", "access is denied"),
        "This folder may not be written to, or cowork is still running from it. Close it, or move this\n"
        "folder to a place of your own, and run the same command again.",
    ),
    (
        ("no matching distribution", "no solution found", "is not a supported wheel", "no compatible wheel"),
        "Some package is not made for this Python on this computer. Python 3.12 (64 bit) is the surest.",
    ),
)


class Trouble(Exception):
    """Something a person has to see to; its words are all that is shown."""


def check_python(version):
    """Raise Trouble with words if this Python is too old; `version` is like sys.version_info."""
    if tuple(version[:2]) < OLDEST:
        raise Trouble(
            "Python %d.%d or newer is needed, and this is Python %s.\n"
            "Newer ones are at python.org; then run it by its name, for example: python3.12 run.py"
            % (OLDEST[0], OLDEST[1], ".".join(str(part) for part in version[:3]))
        )


def clean_environment():
    """The environment for all that is started here, without what makes a .venv load foreign packages.

    Nor with PYTHONDONTWRITEBYTECODE, which many container images set: Python would translate its thousand files anew
    at each start, of each server in a test too.
    """
    drop = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV", "CONDA_PREFIX")
    drop += ("PYTHONDONTWRITEBYTECODE",)
    return dict((key, value) for key, value in os.environ.items() if key not in drop)


def tell(words):
    """Say something to the person; never on standard output, which belongs to cowork's commands."""
    sys.stderr.write("cowork: " + words + "\n")
    sys.stderr.flush()


def quietly(command, what):
    """Run a command without showing its output; if it fails, words first and the end of the output after."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=clean_environment(), cwd=ROOT
    )
    output = process.communicate()[0].decode("utf-8", "replace")
    if process.returncode:
        low = output.lower()
        words = [words for signs, words in TROUBLES if any(sign in low for sign in signs)][:1]
        tail = "\n".join("    " + line for line in output.strip().splitlines()[-12:])
        raise Trouble("\n".join(["%s did not succeed." % what] + words + ["The last it said:", tail]))


def find_uv():
    """The path of uv, or None."""
    import shutil

    return None if os.environ.get("COWORK_NO_UV") else shutil.which("uv")


def digest(kind):
    """A fingerprint of all that decides what is installed: when it changes, the set-up is done again."""
    seen = hashlib.sha256()
    for name in ("pyproject.toml", LOCKS[kind]):
        with open(os.path.join(ROOT, name), "rb") as file:
            seen.update(file.read().replace(b"\r\n", b"\n"))
    return seen.hexdigest()


def place():
    """Where .venv stands and which Python it uses; None if it was moved or its Python is gone."""
    try:
        with open(os.path.join(ENV, "pyvenv.cfg")) as file:
            lines = dict(line.split("=", 1) for line in file.read().splitlines() if "=" in line)
        home = dict((key.strip(), value.strip()) for key, value in lines.items()).get("home", "")
    except (IOError, OSError):
        return None
    if not (os.path.exists(PYTHON) and os.path.isdir(home)):
        return None
    return "%s | %s" % (ENV, os.path.realpath(PYTHON))


def read_stamp():
    """What has been set up: {"place": ..., "run": fingerprint, ...} for each kind; empty if of no use."""
    try:
        with open(STAMP) as file:
            stamp = dict(line.split(" ", 1) for line in file.read().splitlines() if " " in line)
    except (IOError, OSError):
        return {}
    return stamp if stamp.get("place") == place() else {}


def write_stamp(stamp):
    """Write the stamp whole or not at all: half a stamp would pass for a finished set-up."""
    with open(STAMP + ".new", "w") as file:
        file.write("".join("%s %s\n" % pair for pair in sorted(stamp.items())))
    os.replace(STAMP + ".new", STAMP)


def has_pip():
    """Whether .venv can install without uv; one that uv has made cannot."""
    with open(os.devnull, "w") as nowhere:
        return not subprocess.call([PYTHON, "-c", "import pip"], stderr=nowhere, env=clean_environment())


def make_environment(uv):
    """Make .venv anew. Debian and Ubuntu ship Python without the part that makes one: say so."""
    import importlib.util

    base = getattr(sys, "_base_executable", None) or sys.executable  # never the Python inside .venv itself
    if uv:
        quietly([uv, "venv", "--clear", "--no-project", "--python", base, ENV], "Making .venv")
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Trouble(
            "this Python cannot make environments (venv or ensurepip is missing).\n"
            "On Debian and Ubuntu: sudo apt install python3-venv\n"
            "Elsewhere: install Python from python.org, or install uv; then run the same command again."
        )
    quietly([base, "-m", "venv", "--clear", ENV], "Making .venv")


def set_up(kind):
    """Bring .venv to what the lock for `kind` ("run", "lab" or "test") says; milliseconds if it is there.

    Each lock holds the one before it (a test compares them), so installing a longer one takes nothing away
    from the workbook. The package itself is installed last, editable, without asking the index for anything.
    """
    stamp = read_stamp()
    want = digest(kind)
    if stamp.get(kind) == want:
        return
    uv = find_uv()
    tell("setting up in %s with %s; the first time this takes a minute or so." % (ENV, "uv" if uv else "venv and pip"))
    if not stamp or not (uv or has_pip()):
        make_environment(uv)
    stamp = {"place": place()}  # from here on nothing counts as installed until it is
    write_stamp(stamp)
    if uv:
        install = [uv, "pip", "install", "--python", PYTHON]
    else:
        install = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        install += ["--progress-bar", "off"]
    quietly(install + ["--require-hashes", "-r", os.path.join(ROOT, LOCKS[kind])], "Installing the packages")
    quietly(install + ["--no-deps", "--no-build-isolation", "-e", ROOT], "Installing cowork itself")
    leave_out_seeds(kind)
    for held in KINDS[: KINDS.index(kind) + 1]:
        stamp[held] = digest(held)
    write_stamp(stamp)


def locked(kind):
    """The names of the packages that the lock for `kind` holds."""
    with open(os.path.join(ROOT, LOCKS[kind]), "rb") as file:
        lines = file.read().decode("utf-8").splitlines()
    return set(line.split("==")[0] for line in lines if "==" in line and not line.startswith((" ", "#")))


def leave_out_seeds(kind):
    """Take away what an older Python puts into each new .venv and no lock holds: years old, with known faults."""
    seeds = [name for name in ("setuptools", "wheel") if name not in locked(kind)]
    if seeds and not find_uv():
        quietly([PYTHON, "-m", "pip", "uninstall", "--yes"] + seeds, "Leaving out " + " and ".join(seeds))


def javascript(environment):
    """The commands that check the scripts, as {name: command}, and why some of them are missing, or "".

    Needed for tests alone: what a browser gets needs no Node. COWORK_REQUIRE_NODE=1 says that it has to be there.
    """
    import glob
    import shutil

    node, npm = shutil.which("node"), shutil.which("npm")
    if not node:
        return {}, "Node is not installed"
    try:
        version = subprocess.check_output([node, "--version"], env=environment).decode("ascii", "replace")
        major = int(version.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}, "Node does not say its version"
    if major < OLDEST_NODE:
        return {}, "Node %d or newer is needed, this is %s" % (OLDEST_NODE, version.strip())
    # Each by its name: what Node makes of a folder differs between its versions.
    tests = sorted(glob.glob(os.path.join(ROOT, "tests", "javascript", "*.test.js")))
    checks = {"javascript": [node, "--test"] + tests}
    if not npm:
        return checks, "npm is not installed, so types are not checked"
    try:
        set_up_node(npm)
    except Trouble as trouble:
        return checks, "types are not checked: " + str(trouble)
    checks["tsc"] = [node, os.path.join(ROOT, "node_modules", "typescript", "bin", "tsc")]
    return checks, ""


def set_up_node(npm):
    """Install what package-lock.json holds, where that is not done yet."""
    with open(os.path.join(ROOT, "package-lock.json"), "rb") as file:
        want = hashlib.sha256(file.read().replace(b"\r\n", b"\n")).hexdigest()
    try:
        with open(NODE_STAMP) as file:
            if file.read() == want:
                return
    except (IOError, OSError):
        pass
    quietly([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "Installing what checks the types of scripts")
    with open(NODE_STAMP, "w") as file:
        file.write(want)


def test(arguments):
    """Run every check, all of them even when one fails, and give 0 only if none failed."""
    import shutil
    import tempfile
    import time

    if not any(a.startswith(("-n", "--numprocesses", "--pdb", "--dist")) for a in arguments):
        # Two files at a time, the longest first; one file's tests stay together, because they share one server.
        arguments = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"] + arguments
    linter = os.path.join(SCRIPTS, "lint-imports.exe" if os.name == "nt" else "lint-imports")
    environment = clean_environment()
    scripts, missing = javascript(environment)
    checks = [
        ("ruff", [PYTHON, "-m", "ruff", "check", "."]),
        ("mypy", [PYTHON, "-m", "mypy"]),
        ("lint-imports", [linter]),
    ]
    checks += sorted(scripts.items())
    checks.append(("pytest", [PYTHON, "-m", "pytest"] + arguments))
    began = time.time()
    scratch = tempfile.mkdtemp(prefix="cowork-test-")
    # A notebook under test opens the default record: never that of the person who runs the tests.
    environment["COWORK_RECORD"] = os.path.join(scratch, "tests.cowork")
    failed = []
    try:
        for name, command in checks:
            tell("%s ..." % name)
            if subprocess.call(command, cwd=ROOT, env=environment):
                failed.append(name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    took = "%d s" % round(time.time() - began)
    if missing:
        tell("NOT RUN: javascript (%s)" % missing)
        if environment.get("COWORK_REQUIRE_NODE") == "1":
            failed.append("javascript")
    if failed:
        tell("FAILED: %s (of %s) after %s" % (", ".join(failed), ", ".join(n for n, _ in checks), took))
        return 1
    tell("all passed: %s, in %s" % (", ".join(n for n, _ in checks), took))
    return 0


def lab(arguments):
    """Open JupyterLab with the notebooks. `--record FILE` is cowork's; everything else goes to JupyterLab.

    JupyterLab would ask other hosts for news and for a newer version of itself: here it asks nobody.
    """
    environment = clean_environment()
    rest = []
    for argument in arguments:
        if rest and rest[-1] == "--record":
            rest[-1] = "--record=" + argument
        else:
            rest.append(argument)
    for argument in rest:
        if argument == "--record":
            raise Trouble("after --record comes the file: python run.py lab --record my.cowork")
        if argument.startswith("--record="):
            environment["COWORK_RECORD"] = os.path.abspath(argument.split("=", 1)[1])
    rest = [argument for argument in rest if not argument.startswith("--record=")]
    quiet = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command = [PYTHON, "-m", "jupyterlab", os.path.join(ROOT, "notebooks")] + quiet + rest
    return hand_over(command, environment)


def lock(arguments):
    """Work out the locks from pyproject.toml: hashes for every platform, and no address of any index."""
    import shutil

    uv = find_uv()
    if not uv:
        raise Trouble("working out the locks needs uv; the workbook and its tests do not.")
    compile_ = [uv, "pip", "compile", "--universal", "--generate-hashes", "--no-header", "--quiet"]
    compile_ += ["--python-version", "%d.%d" % OLDEST, "--extra", "setup"]
    before = []
    for kind in KINDS:
        more = ["--extra", kind, "-c", before[-1]] if before else []
        source = ["pyproject.toml", "-o", LOCKS[kind]]
        quietly(compile_ + more + arguments + source, "Working out " + LOCKS[kind])
        before.append(LOCKS[kind])
    shutil.copyfile(os.path.join(ROOT, LOCKS["run"]), os.path.join(ROOT, "binder", "requirements.txt"))
    tell("%s and binder/requirements.txt are made anew." % ", ".join(before))
    return 0


def cowork(arguments):
    """Hand over to cowork's command line, in the folder the person stands in; without a command, serve."""
    if not any(a in COMMANDS or a in ("-h", "--help", "--version") for a in arguments):
        if not arguments or arguments[0].startswith("-"):
            arguments = ["serve"] + arguments
    return hand_over([PYTHON, "-m", "cowork"] + arguments, clean_environment())


def hand_over(command, environment):
    """Become this command; where a process cannot, wait for it and give its exit code."""
    if os.name != "nt":
        os.execve(command[0], command, environment)  # one process: Ctrl-C and kill reach the server
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C reached it as well; it says goodbye in its own time


def main(arguments):
    """Run one command; the number returned is the exit code."""
    try:
        check_python(sys.version_info)
        first = arguments[0] if arguments else ""
        if first == "lock":
            return lock(arguments[1:])
        set_up(first if first in KINDS[1:] else "run")
        if first == "test":
            return test(arguments[1:])
        return lab(arguments[1:]) if first == "lab" else cowork(arguments)
    except Trouble as trouble:
        tell(str(trouble))
        return NOT_SET_UP
    except KeyboardInterrupt:
        tell("stopped. Run the same command again to go on.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
