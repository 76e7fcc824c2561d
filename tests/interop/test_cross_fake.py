#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two workspaces of one metastore, neither of them ours: `clxs clone --dest-host` reads the source in the first and writes
in the second, each gets its own credentials and never the other's, and what was done can be taken back. Two metastores are
refused.

    test_cross_fake.py CLXS
"""
import json
import os
import subprocess
import sys
import tempfile

from fake_workspace import Workspace
from test_clone_fake import check_copy, fill

FIRST, SECOND = "dapi-first-secret", "dapi-second-secret"


def run(clxs, home, first, second, *words):
    env = {"PATH": "/usr/bin:/bin", "HOME": home, "XDG_STATE_HOME": home + "/state", "XDG_CACHE_HOME": home + "/cache",
           "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config", "DATABRICKS_HOST": first.url,
           "DATABRICKS_TOKEN": FIRST, "DATABRICKS_WAREHOUSE_ID": "w1", "CLXS_DEST_WORKSPACE_TOKEN": SECOND,
           **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
    there = [] if words[0] == "history" else ["--dest-host", second.url, "--dest-warehouse-id", "w2"]
    done = subprocess.run([clxs, *words, *there, "-o", "json"], env=env, capture_output=True, check=False)
    text = done.stdout.decode() + done.stderr.decode()
    for folder, _, files in os.walk(home):
        for name in files:
            with open(os.path.join(folder, name), "rb") as file:
                text += file.read().decode(errors="replace")
    assert FIRST not in text and SECOND not in text, "a token appears in output or files"
    for workspace, secret in ((first, FIRST), (second, SECOND)):
        strangers = workspace.authorizations - {None, "Bearer " + secret}
        assert not strangers, f"{workspace.url} was shown {strangers}"
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr.decode()


def writes(workspace):
    return [r for r in workspace.requests if r.startswith(("PATCH", "PUT", "DELETE"))] + [
        s for s in workspace.log if not s.startswith("SELECT")]


def shared(clxs, **rates):
    first = Workspace(token=FIRST, **rates)
    second = Workspace(token=SECOND, shares=first, warehouse="w2", **rates)
    fill(first)
    with tempfile.TemporaryDirectory() as home:
        code, summary, errors = run(clxs, home, first, second, "clone", "-s", "src", "-d", "dst")
        assert code == 0, (code, errors, summary)
        check_copy(second, summary)
        assert summary["destination_workspace"] == second.url
        assert not writes(first), writes(first)
        assert writes(second)
        if rates:
            return first.close(), second.close()
        sources = [r for r in second.requests if "catalog_name=src" in r]
        assert not sources, ("the source is listed where it is", sources)
        code, shown, errors = run(clxs, home, first, second, "history", "show", summary["operation_id"])
        assert shown["destination_workspace"] == second.url, shown
        before = len(first.requests)
        run(clxs, home, first, second, "rollback", summary["operation_id"], "--dry-run")
        assert not [r for r in first.requests[before:] if "unity-catalog" in r], "the rollback looks at the wrong workspace"
    first.close()
    second.close()


def separate(clxs):
    first, second = Workspace(token=FIRST), Workspace(token=SECOND, warehouse="w2")
    fill(first)
    with tempfile.TemporaryDirectory() as home:
        for command in (("clone",), ("clone", "--no-preflight"), ("clone", "--dry-run"), ("preflight",)):
            code, _, errors = run(clxs, home, first, second, *command, "-s", "src", "-d", "dst")
            assert code == 6, (command, code, errors)
            assert first.metastore in errors and second.metastore in errors, errors
    assert not writes(first) and not writes(second)
    first.close()
    second.close()


def unknown_token(clxs):
    """The second workspace refuses its token: the message says which workspace, and the first one's is not tried."""
    first = Workspace(token=FIRST)
    second = Workspace(token="another", shares=first, warehouse="w2")
    fill(first)
    with tempfile.TemporaryDirectory() as home:
        code, _, errors = run(clxs, home, first, second, "clone", "-s", "src", "-d", "dst")
        assert code != 0 and second.url in errors, (code, errors)
    first.close()
    second.close()


def main():
    clxs = sys.argv[1]
    shared(clxs)
    separate(clxs)
    unknown_token(clxs)
    shared(clxs, **{"429": 0.05, "503": 0.05, "reset": 0.05, "reset_after": 0.05})
    print("ok")


if __name__ == "__main__":
    main()
