# SPDX-License-Identifier: MIT
"""Tests in Python that speak TAP to automake.

    import tap

    @tap.test("the second fetch brings nothing [P-57]")
    def second_fetch():
        tap.equal(fetch().returncode, 0, "exit status")

    tap.main()

A test passes when it returns, fails by an exception (tap.ok, tap.equal and
assert raise one) and is skipped by tap.skip("why").  tap.cleanup(f, ...) is
called after the test, in reverse order, whatever became of it.  The program's
arguments choose tests: those whose name holds one of them.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

TOP = os.path.abspath(
    os.environ.get("top_srcdir") or os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.abspath(os.environ.get("top_builddir") or os.path.join(TOP, "build"))
BIN = os.environ.get("DEWEY_BIN") or BUILD
LOCALES = os.path.join(BUILD, "locale")
SHARED = os.path.join(os.path.dirname(TOP), "shared")

# By hand it is as under "make check" (AM_TESTS_ENVIRONMENT).
if "top_builddir" not in os.environ:
    os.environ.update(LC_ALL="C.UTF-8", TZ="UTC")
    if os.path.isdir(LOCALES):
        os.environ["LOCPATH"] = LOCALES

_tests = []
_cleanups = []


class Skip(Exception):
    pass


class Failure(Exception):
    pass


def test(name):
    """Registers the function; tests run in the order of the file."""
    def register(function):
        _tests.append((name, function))
        return function
    return register


def skip(reason):
    raise Skip(reason)


def fail(text):
    raise Failure(text)


def ok(condition, text):
    if not condition:
        raise Failure(text)


def equal(got, wanted, text="value"):
    if got != wanted:
        raise Failure("%s\nwanted: %s\n   got: %s" % (text, _short(wanted), _short(got)))


def contains(text, part, what="text"):
    """part, or each one of a list of parts, stands in text."""
    for one in part if isinstance(part, (list, tuple)) else [part]:
        if one not in text:
            raise Failure("%s lacks %r\n   got: %s" % (what, one, _short(text)))


def lacks(text, part, what="text"):
    if part in text:
        raise Failure("%s holds %r\n   got: %s" % (what, part, _short(text)))


def note(text):
    """A remark in the log, whatever becomes of the test."""
    for line in str(text).splitlines() or [""]:
        print("# " + line, flush=True)


def cleanup(function, *args):
    _cleanups.append((function, args))


def tempdir(prefix="dewey-"):
    """A fresh directory, removed after the test unless DEWEY_KEEP is set."""
    path = tempfile.mkdtemp(prefix=prefix)
    os.chmod(path, 0o755)  # servers under other users look into it
    if os.environ.get("DEWEY_KEEP"):
        note("kept: " + path)
    else:
        cleanup(shutil.rmtree, path, True)
    return path


def program(name):
    """The path of a built program; skips the test while it is not built."""
    path = os.path.join(BIN, name)
    if not os.access(path, os.X_OK):
        skip(name + " is not built")
    return path


def sanitized(name):
    """Whether it was built with AddressSanitizer: then mlock() does nothing, and
    the leak checker may look into the program."""
    with open(program(name), "rb") as file:
        return b"__asan_init" in file.read()


def shared(*parts):
    """A path beside the clone (../shared); skips the test where it is absent."""
    path = os.path.join(SHARED, *parts)
    if not os.path.exists(path):
        skip("../shared/%s is not there" % os.path.join(*parts))
    return path


def tool(name, package):
    """A program of the system; skips the test where it is missing."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    return path or skip("%s is not installed (package %s)" % (name, package))


def run(command, timeout=300, **kwargs):
    """subprocess.run with output as text, no standard input and a limit that
    only a hang reaches."""
    kwargs.setdefault("stdin", None if "input" in kwargs else subprocess.DEVNULL)
    kwargs.setdefault("stdout", subprocess.PIPE)
    kwargs.setdefault("stderr", subprocess.PIPE)
    if kwargs.pop("binary", False) is False:
        kwargs.update(encoding="utf-8", errors="surrogateescape")
    try:
        return subprocess.run(command, timeout=timeout, check=False, **kwargs)
    except subprocess.TimeoutExpired:
        raise Failure("no end after %d s: %s" % (timeout, " ".join(command))) from None


def succeeds(command, status=0, **kwargs):
    """run(), and the exit status is as expected."""
    result = run(command, **kwargs)
    if result.returncode != status:
        raise Failure("%s: exit status %d, wanted %d\nstdout: %s\nstderr: %s" % (
            " ".join(command), result.returncode, status, _short(result.stdout),
            _short(result.stderr)))
    return result


def _short(value, limit=2000):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else "%s… (%d in all)" % (text[:limit], len(text))


def _printable(text):
    return "".join(c if c.isprintable() or c == "\t" else "\\x%02x" % ord(c) for c in text)


def _diagnose(error):
    lines = str(error).splitlines() or [type(error).__name__]
    if not isinstance(error, Failure):
        lines = traceback.format_exc().splitlines()
    else:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
        if frames:
            lines.append("at %s:%d" % (os.path.relpath(frames[-1].filename, TOP), frames[-1].lineno))
    for line in lines:
        print("# " + _printable(line).encode("utf-8", "backslashreplace").decode(), flush=True)


def clean():
    """Runs the clean-ups; returns the first error among them, or None.  For a
    test of many rounds, between them."""
    first = None
    while _cleanups:
        function, args = _cleanups.pop()
        try:
            function(*args)
        except Exception as error:  # pylint: disable=broad-except
            first = first or error
            _diagnose(error)
    return first


def _run_one(number, name, function):
    label = "%d - %s" % (number, name.replace("#", "\\#"))
    try:
        function()
        verdict = "ok " + label
    except Skip as reason:
        verdict = "ok %s # SKIP %s" % (label, reason)
    except Exception as error:  # pylint: disable=broad-except
        _diagnose(error)
        verdict = "not ok " + label
    if clean() is not None:
        verdict = "not ok " + label
    print(verdict, flush=True)
    return not verdict.startswith("not ok")


def main():
    """Runs the tests of the file and exits: 0 if none failed."""
    sys.stdout.reconfigure(errors="backslashreplace")
    wanted = sys.argv[1:]
    chosen = [t for t in _tests if not wanted or any(w in t[0] for w in wanted)]
    print("TAP version 13")
    if not chosen:
        print("1..0 # SKIP no such test")
        sys.exit(0)
    print("1..%d" % len(chosen), flush=True)
    good = [_run_one(n, *t) for n, t in enumerate(chosen, 1)]
    sys.exit(0 if all(good) else 1)
