#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`clxs clone --copy-files` against a sandbox that is served to it: what arrives byte for byte, what a second run does, what
one bad file does, and what is left after kill -9, resumed or rolled back.

    test_clone_files.py CLXS
"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from test_killed import TOKEN, Place

NAMES = ("plain.txt", "with space.txt", "größe & co.txt", "50%25 off.txt", "a#b?c=d.txt", "q'uote\"s`.txt", "semi;co:lon,@+.txt",
         "back\\slash.txt", "日本語/読.txt", "deep/er/and/er/file", "same/name", "same.name", "same-name/x", "..dots", "empty.bin")
KILLS = int(os.environ.get("CLXS_KILLS", "6"))


class Files(Place):
    """A workspace with a catalog of volumes, and its files."""

    def fs(self, method, kind, path, body=None, query=""):
        url = f"{self.env['DATABRICKS_HOST']}/api/2.0/fs/{kind}/Volumes/{urllib.parse.quote(path)}{query}"
        ask = urllib.request.Request(url, body, {"Authorization": "Bearer " + TOKEN}, method=method)
        with urllib.request.urlopen(ask) as answer:
            return answer.read()

    def write(self, volume, path, body):
        self.fs("PUT", "files", f"{volume}/{path}", body)

    def tree(self, volume, directory=""):
        """Path to content, None for a directory."""
        found, token = {}, ""
        while True:
            page = json.loads(self.fs("GET", "directories", volume + directory, query=f"?page_size=3&page_token={token}"))
            for entry in page.get("contents", []):
                path = f"{directory}/{entry['name']}"
                if entry["is_directory"]:
                    found.update({path: None, **self.tree(volume, path)})
                else:
                    found[path] = self.fs("GET", "files", volume + path)
            token = urllib.parse.quote(page.get("next_page_token", ""))
            if not token:
                return found

    def make(self, catalog, volume="v"):
        self.sql(f"CREATE CATALOG IF NOT EXISTS {catalog}")
        self.sql(f"CREATE SCHEMA IF NOT EXISTS {catalog}.s")
        self.sql(f"CREATE VOLUME IF NOT EXISTS {catalog}.s.{volume}")
        return f"{catalog}/s/{volume}"

    def deny(self, pattern):
        self.ask("/api/sandbox/faults", {"pattern": pattern, "status_code": 403, "times": 100, "body": json.dumps(
            {"error_code": "PERMISSION_DENIED", "message": "You may not do this."})})

    def clear_faults(self):
        ask = urllib.request.Request(self.env["DATABRICKS_HOST"] + "/api/sandbox/faults", method="DELETE",
                                     headers={"Authorization": "Bearer " + TOKEN})
        urllib.request.urlopen(ask).close()

    def clone(self, source, dest, *flags, expect=0):
        return self.run("clone", "-s", source, "-d", dest, "--copy-files", "--no-preflight", "-o", "json", *flags,
                        expect=expect)


def check(right, *what):
    if not right:
        sys.exit("wrong: " + " ".join(map(str, what)))


def same(place, one, other):
    left, right = place.tree(one), place.tree(other)
    for path in sorted({*left, *right}):
        check(path in left and path in right and left[path] == right[path], path, "differs between", one, "and", other)
    return left


def faithful(place):
    volume = place.make("f")
    for name in NAMES:
        place.write(volume, name, b"" if name == "empty.bin" else f"content of {name}".encode())
    place.write(volume, "big.bin", random.Random(1).randbytes(9_000_000))
    place.fs("PUT", "directories", f"{volume}/nothing/in here/at all")
    dry = place.clone("f", "g", "--dry-run")
    check(dry["files"]["to_copy"] == len(NAMES) + 1 and dry["files"]["bytes"] > 9_000_000, dry["files"])
    done = place.clone("f", "g")
    check(done["files"]["copied"] == len(NAMES) + 1 and done["counts"]["file"]["succeeded"] == len(NAMES) + 1, done["files"])
    check(len(same(place, volume, "g/s/v")) > len(NAMES), "something was listed")

    again = place.clone("f", "g")
    check(again["files"] == {"to_copy": 0, "bytes": 0, "copied": 0, "bytes_copied": 0, "unchanged": len(NAMES) + 1},
          again["files"])

    place.write("g/s/v", "mine/extra.txt", b"stays")
    place.write(volume, "plain.txt", b"longer than it was before")
    place.write(volume, "same/name", b"CONTENT OF same/name")  # of the same size, and later
    place.write(volume, "new/dir/file", b"new")
    third = place.clone("f", "g")
    check(third["files"]["copied"] == 3, third["files"])
    check(place.fs("GET", "files", "g/s/v/mine/extra.txt") == b"stays")
    place.fs("DELETE", "files", "g/s/v/mine/extra.txt")
    place.fs("DELETE", "directories", "g/s/v/mine")
    same(place, volume, "g/s/v")
    return volume


def one_bad_file(place):
    place.deny("PUT /api/2.0/fs/files/Volumes/h/s/v/with%20space.txt")
    place.deny("GET /api/2.0/fs/directories/Volumes/f/s/v/deep/er*")
    done = place.clone("f", "h", expect=5)
    place.clear_faults()
    bad = {(o["kind"], o["name"]): o["status"] for o in done["objects"] if o["status"] not in ("succeeded", "skipped")}
    check(bad == {("file", "f.s.v/with space.txt"): "failed", ("directory", "f.s.v/deep/er/"): "failed"}, bad)
    check(done["status"] == "partial", done["status"])
    done = place.clone("f", "h")
    check(done["files"]["copied"] == 2, done["files"])
    same(place, "f/s/v", "h/s/v")


def clashes(place):
    volume = place.make("i")
    place.write(volume, "plain.txt/is/a/directory", b"1")
    place.write(volume, "deep", b"a file")
    done = place.clone("f", "i", expect=5)
    bad = {o["name"]: o["status"] for o in done["objects"] if o["status"] not in ("succeeded", "skipped")}
    check(bad["f.s.v/plain.txt"] == "failed" and bad["f.s.v/deep/"] == "failed", bad)
    check(bad["f.s.v/deep/er/and/er/file"] == "blocked", bad)
    check(place.fs("GET", "files", f"{volume}/deep") == b"a file")


def denied(place):
    place.run("--read-only", "clone", "-s", "f", "-d", "j", "--copy-files", expect=4)
    check("j" not in [c["name"] for c in place.listing("catalogs")], "a read-only run made something")


def kill(place, catalog, lines):
    before = place.journals()
    with subprocess.Popen([place.clxs, "clone", "-s", "f", "-d", catalog, "--copy-files", "--no-preflight", "--max-workers", "4"],
                          env=place.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
        while client.poll() is None:
            new = place.journals() - before
            text = new.pop().read_bytes() if new else b""
            planned = text.find(b'{"planned":')
            if planned >= 0 and text.count(b"\n", planned) > lines:
                client.send_signal(signal.SIGKILL)
                break
        client.wait()
    return (place.journals() - before).pop().stem


def killed(place, moments):
    for i in range(KILLS):
        catalog = f"k{i}"
        operation = kill(place, catalog, moments.randrange(40))
        if place.run("history", "show", operation, "-o", "json")["state"] == "died":
            done = place.run("clone", "--resume", operation, "-o", "json")
            check(done["status"] == "succeeded" and done["files"]["copied"] == done["files"]["to_copy"], done["files"])
        same(place, "f/s/v", f"{catalog}/s/v")


def taken_back(place, moments):
    """Rolled back, a volume that was there is as it was; one that was not is gone."""
    for i in range(KILLS):
        catalog = f"r{i}"
        if i % 2:
            volume = place.make(catalog)
            place.write(volume, "mine/own.txt", b"mine")
            place.write(volume, "same/other", b"mine too")
            place.fs("PUT", "directories", f"{volume}/empty")
            before = place.tree(volume)
        operation = kill(place, catalog, 1000 if i < 2 else moments.randrange(40))
        place.run("rollback", operation, "--yes", "-o", "json")
        if i % 2:
            check(place.tree(volume) == before, "killed copy", i, "is not taken back:", place.tree(volume).keys())
        else:
            check(catalog not in [c["name"] for c in place.listing("catalogs")], catalog, "is still there")


def kept_by_others(place):
    """What somebody else put beside the copied files is not lost by a rollback."""
    operation = place.clone("f", "o")["operation_id"]
    place.write("o/s/v", "deep/er/theirs", b"theirs")
    done = place.run("rollback", operation, "--yes", "-o", "json", expect=5)
    left = {o["name"]: o["status"] for o in done["objects"] if o["status"] != "succeeded"}
    check(left.get("o.s.v") == "skipped", left)
    check(place.fs("GET", "files", "o/s/v/deep/er/theirs") == b"theirs")


def faulty(clxs, home):
    """5 % of each fault, on another workspace."""
    place = Files(clxs, home, "--fault", "429:0.05:0", "--fault", "503:0.05:0", "--fault", "reset:0.05", "--fault",
                  "reset-after:0.05", "--fault-seed", "7")
    try:
        for path in ("f.txt", "d/e/f.txt", *(f"many/{i:03}" for i in range(60))):
            patient(lambda p=path: place.write("demo/raw-data/landing", p, p.encode() * 999))
        done = place.run("clone", "-s", "demo", "-d", "copy", "--copy-files", "--no-preflight", "--include-schemas", "raw-data",
                         "-o", "json")
        check(done["status"] == "succeeded" and done["files"]["copied"] >= 62, done["files"], done["status"])
        check(done["requests"]["retries"] > 0, "no fault was met")
        for path in ("f.txt", "d/e/f.txt", *(f"many/{i:03}" for i in range(60))):
            content = patient(lambda p=path: place.fs("GET", "files", f"copy/raw-data/landing/{p}"))
            check(content == path.encode() * 999, path, "did not arrive")
    finally:
        place.close()


def patient(ask):
    for _ in range(50):
        try:
            return ask()
        except (urllib.error.HTTPError, ConnectionError, urllib.error.URLError):
            continue
    sys.exit("the sandbox never answered")


def main():
    moments = random.Random(20260212)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as other:
        place = Files(sys.argv[1], home)
        try:
            faithful(place)
            one_bad_file(place)
            clashes(place)
            denied(place)
            killed(place, moments)
            taken_back(place, moments)
            kept_by_others(place)
        finally:
            place.close()
        faulty(sys.argv[1], other)
    print("files arrive, once; what fails says so; what was killed was completed or taken back")


if __name__ == "__main__":
    main()
