#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run one case of the finished program and compare what it says with what is written beside it.

A case is a folder: `cmd` (a piece of shell in which `clxs` is the program), `stdout`, `stderr` and `exit`. Each runs in an
empty home of its own. A file `seed` (a word for `clxs sandbox seed`) makes the sandbox `case` hold that catalog before cmd
starts, and DATABRICKS_HOST point at it. Texts that differ from run to run (ids, times, ports, the home's path) are
replaced by words in angle brackets first. CLXS_BLESS=1 writes the files instead of comparing.

    run_case.py CLXS CASE_FOLDER
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

NORMAL = [
    (r"\d{8}T\d{6}Z-[a-z-]+-[0-9a-f]{6,}", "<operation>"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:<port>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", "<time>"),
    (r'"(duration_ms|duration_seconds)": ?[0-9.]+', r'"\1": <time>'),
    (r"\b\d+(\.\d+)? ?(ms|s)\b", "<time>"),
]


def normal(text, home):
    text = text.replace(str(home), "<home>")
    for pattern, word in NORMAL:
        text = re.sub(pattern, word, text)
    return text


def environment(clxs, home):
    keep = {k: v for k, v in os.environ.items() if k in ("LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    bin_folder = home / "bin"
    bin_folder.mkdir()
    (bin_folder / "clxs").symlink_to(clxs)
    return {**keep, "HOME": str(home), "PATH": f"{bin_folder}:/usr/local/bin:/usr/bin:/bin", "TERM": "dumb",
            "XDG_STATE_HOME": f"{home}/state", "XDG_CACHE_HOME": f"{home}/cache", "XDG_DATA_HOME": f"{home}/data",
            "XDG_CONFIG_HOME": f"{home}/config"}


def run(case, clxs, home):
    env = environment(clxs, home)
    seed = case / "seed"
    if seed.exists():
        subprocess.run(["clxs", "sandbox", "seed", *seed.read_text().split(), "--name", "case"], env=env, check=True,
                       stdout=subprocess.DEVNULL, cwd=home)
        env["DATABRICKS_HOST"] = "sandbox:case"
    done = subprocess.run(["sh", "-c", (case / "cmd").read_text()], env=env, cwd=home, capture_output=True,
                          stdin=subprocess.DEVNULL, check=False)
    return {"stdout": normal(done.stdout.decode(errors="replace"), home),
            "stderr": normal(done.stderr.decode(errors="replace"), home), "exit": f"{done.returncode}\n"}


def run_at_home(case, clxs):
    with tempfile.TemporaryDirectory(prefix="clxs-case-") as folder:
        home = pathlib.Path(folder).resolve()
        home.chmod(0o700)
        return run(case, clxs, home)


def main():
    clxs, case = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    got = run_at_home(case, clxs)
    for _ in range(3):
        # The tracer of LeakSanitizer dies now and then where threads are just ending; that says nothing of the program.
        if "LeakSanitizer has encountered a fatal error" in got["stderr"]:
            got = run_at_home(case, clxs)
    wrong = False
    for name, text in got.items():
        golden = case / name
        if os.environ.get("CLXS_BLESS"):
            golden.write_bytes(text.encode())
        want = golden.read_bytes().decode() if golden.exists() else ""
        if text != want:
            wrong = True
            sys.stdout.writelines(difflib.unified_diff(want.splitlines(True), text.splitlines(True),
                                                       f"{case.name}/{name} (written)", f"{case.name}/{name} (now)"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
