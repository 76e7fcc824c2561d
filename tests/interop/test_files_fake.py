#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`clxs clone --copy-files` against the second workspace: downloads that break off, uploads that are reset, files that change
while they are read. What arrives is what was there, and whole.

    test_files_fake.py CLXS
"""
import random
import sys

from fake_files import FilesWorkspace
from test_clone_fake import clone, fill

NAMES = ("a.txt", "with space & more#?.txt", "100%.txt", "größe/読/x", "deep/er/y", "empty")


def make(**more):
    workspace = FilesWorkspace(**more)
    fill(workspace, tables=1)
    content = random.Random(5)
    for name in NAMES:
        workspace.put(f"Volumes/src/sales/files/{name}", b"" if name == "empty" else content.randbytes(300_000), at=1_700_000_000)
    for number in range(40):
        workspace.put(f"Volumes/src/sales/files/many/{number}", f"{number}".encode() * 1000, at=1_700_000_000)
    workspace.directories.add("Volumes/src/sales/files/nothing")
    return workspace


def same(workspace):
    for path, (content, _) in list(workspace.files.items()):
        if path.startswith("Volumes/src/"):
            copy = workspace.files.get(path.replace("/src/", "/dst/", 1))
            assert copy and copy[0] == content, f"{path} did not arrive"
    assert "Volumes/dst/sales/files/nothing" in workspace.directories, "the empty directory"


def copy(clxs, workspace, expect=0):
    status, summary, errors = clone(clxs, workspace, "--copy-files", "--no-preflight", "--no-permissions", "--no-ownership")
    assert status == expect, (status, errors)
    return summary


def calm(clxs):
    workspace = make()
    try:
        total = len(NAMES) + 40
        assert copy(clxs, workspace)["files"]["copied"] == total
        same(workspace)
        assert max(workspace.uploads.values()) == 1, "a file was sent twice"
        assert copy(clxs, workspace)["files"] == {"to_copy": 0, "bytes": 0, "copied": 0, "bytes_copied": 0, "unchanged": total}
    finally:
        workspace.close()


def broken(clxs):
    """Every transfer may break, in every way; 5 % each, and a third of the downloads."""
    rates = {"cut": 0.3, "halfway": 0.1, "whole": 0.1, "429": 0.05, "503": 0.05, "reset": 0.05, "reset_after": 0.05}
    workspace = make(seed=3, **rates)
    try:
        copy(clxs, workspace)
        same(workspace)
        assert workspace.ranges > 5 and workspace.faults > 30, (workspace.ranges, workspace.faults)
    finally:
        workspace.close()


def changing(clxs):
    """A file that is written again while it is read (in the same size, and before the copy is there) arrives as it is at last,
    neither as it was nor as a mixture of the two."""
    workspace = make(seed=11, cut=0.5)
    path, new = "Volumes/src/sales/files/a.txt", b"N" * 300_000
    try:
        workspace.on_read = lambda read: read == path and workspace.files[path][0] != new and workspace.put(path, new, 1_700_000_100)
        copy(clxs, workspace)
        same(workspace)
        assert workspace.uploads[path.replace("/src/", "/dst/", 1)] <= 2, "it was written once meanwhile"
    finally:
        workspace.close()


def main():
    calm(sys.argv[1])
    broken(sys.argv[1])
    changing(sys.argv[1])
    print("every file arrived, whole")


if __name__ == "__main__":
    main()
