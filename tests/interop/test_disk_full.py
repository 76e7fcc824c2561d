#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A journal that cannot be written: nothing is begun without one; when the disk is full in the middle of a run, the run stops
where the journal says, and is resumed when there is room again. And the journal grows with the steps, no faster.

    test_disk_full.py CLXS
"""
import resource
import subprocess
import sys
import tempfile

from place import Place, same

CLONE = ("clone", "-s", "demo", "--protected-tables", "ctas", "--max-workers", "2", "-o", "json")


def run_limited(place, limit, *words):
    def no_more():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    # pylint: disable-next=subprocess-popen-preexec-fn
    return subprocess.run([place.clxs, *words], env=place.env, capture_output=True, text=True, check=False, preexec_fn=no_more)


def journal_of(place, operation):
    return (place.home / "state" / "clxs" / "operations" / f"{operation}.journal").read_bytes()


def main():
    with tempfile.TemporaryDirectory() as home:
        place = Place(sys.argv[1], home)
        try:
            whole = place.run(*CLONE, "-d", "whole")
            text = journal_of(place, whole["operation_id"])
            planned = text.index(b"\n", text.index(b'{"planned":')) + 1
            lines = text.count(b"\n", planned)
            assert lines <= 2 * text.count(b'"step":') + 3, "two lines for a step that is sent, one for the end"
            assert len(text) - planned < 400 * lines, (len(text), planned, lines)
            before = place.journals()
            none = run_limited(place, planned // 2, *CLONE, "-d", "none")
            assert none.returncode == 6 and "nothing was changed" in none.stderr, (none.returncode, none.stderr)
            assert place.portrait("none") == {} and place.journals() == before
            some = run_limited(place, planned + (len(text) - planned) // 2, *CLONE, "-d", "some")
            assert some.returncode == 6 and "the journal cannot be written any more" in some.stderr, (some.returncode, some.stderr)
            resumed = place.run("clone", "--resume", "latest", "-o", "json")
            assert resumed["status"] == "succeeded" and resumed["destination"] == "some", resumed
            as_whole = {name.replace("some", "whole"): value for name, value in place.portrait("some").items() if not isinstance(value, dict)}
            same({name: value for name, value in place.portrait("whole").items() if not isinstance(value, dict)}, as_whole, "resumed")
            place.run("validate", "-s", "demo", "-d", "some", expect=5)  # a masked table cannot be compared
        finally:
            place.close()
    print("a full disk stops a run where it can go on")


if __name__ == "__main__":
    main()
