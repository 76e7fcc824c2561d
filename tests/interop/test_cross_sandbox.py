#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two workspaces of one sandbox metastore: `clxs clone --dest-host` with every kind of metadata and with files copies what a
clone in one workspace copies, also when it is killed and resumed; `rollback` takes it back where it wrote; and a catalog
that is bound to one workspace is not there for the other.

    test_cross_sandbox.py CLXS
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from test_clone_metadata import KINDS, Sandbox, facts

EU = "eu-secret"
EVERYTHING = [f"--{kind}" for kind in KINDS] + ["--copy-files", "--protected-tables", "ctas"]


class Pair(Sandbox):
    """A Sandbox whose second workspace is at EU_URL."""

    def __init__(self, clxs):
        self.clxs, self.directory = clxs, tempfile.TemporaryDirectory(prefix="clxs-cross-")
        home = self.directory.name
        self.env = {"PATH": os.environ["PATH"], "HOME": home, "XDG_STATE_HOME": home + "/state",
                    "XDG_CACHE_HOME": home + "/cache", "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config",
                    "DATABRICKS_TOKEN": "secret", "DATABRICKS_WAREHOUSE_ID": "sandbox", "CLXS_DEST_WORKSPACE_TOKEN": EU,
                    "CLXS_DEST_WORKSPACE_WAREHOUSE_ID": "eu",
                    **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
        self.server = subprocess.Popen([clxs, "sandbox", "serve", "--token", "secret", "--seed", "demo", "--latency-ms", "3",
                                        "--workspace", "eu:" + EU], stdout=subprocess.PIPE, text=True, env=self.env)
        self.url = self.server.stdout.readline().strip()
        self.eu_url, name = self.server.stdout.readline().split()
        assert name == "eu"
        self.env.update({"DATABRICKS_HOST": self.url, "CLXS_DEST_WORKSPACE_HOST": self.eu_url})

    def run(self, *words, ok=(0, 5)):
        done = subprocess.run([self.clxs, *words, "-o", "json"], env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode in ok, (words, done.returncode, done.stderr)
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr

    def eu(self, method, path, body=None):
        ask = urllib.request.Request(self.eu_url + path, json.dumps(body).encode() if body else None, method=method,
                                     headers={"Authorization": "Bearer " + EU, "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(ask) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def all_files(self, catalog):
        """Paths and contents of everything in the volumes of CATALOG."""
        found = {}
        todo = [f"/Volumes/{catalog}/{v['schema_name']}/{v['name']}"
                for s in self.listing("schemas", catalog_name=catalog)
                for v in self.listing("volumes", catalog_name=catalog, schema_name=s["name"])
                if v["volume_type"] == "MANAGED"]
        while todo:
            path = todo.pop()
            for entry in self.request("GET", "/api/2.0/fs/directories" + urllib.parse.quote(path)).get("contents", []):
                inside = entry["path"].split("/", 3)[3]
                found[inside] = None if entry["is_directory"] else entry["file_size"]
                if entry["is_directory"]:
                    todo.append(entry["path"].rstrip("/"))
        return found


def here(box):
    """The destination is the workspace in use, said in full."""
    return "--dest-host", box.url, "--dest-token", "secret", "--dest-warehouse-id", "sandbox"


def again(box, dest, *more):
    """What a second run would send."""
    _, summary, _ = box.run("clone", "-s", "demo", "-d", dest, *EVERYTHING, "--dry-run", *more)
    return sorted((step["action"], summary["plan"]["objects"][step["object"]]["label"]) for step in summary["plan"]["steps"])


def whole(box):
    code, summary, errors = box.run("clone", "-s", "demo", "-d", "twin_a", *EVERYTHING, *here(box))
    assert "destination_workspace" not in summary, "the same workspace given twice is one"
    code, summary, errors = box.run("clone", "-s", "demo", "-d", "twin_b", *EVERYTHING)
    assert code in (0, 5) and summary["destination_workspace"] == box.eu_url, (code, errors)
    failed = [o for o in summary["objects"] if o["status"] in ("failed", "blocked")]
    assert not failed, failed
    one, two = facts(box, "twin_a"), facts(box, "twin_b")
    differ = [(k, one.get(k), two.get(k)) for k in {**one, **two} if one.get(k) != two.get(k)]
    assert not differ, ("two workspaces give another copy than one", differ)
    assert box.all_files("twin_b") == box.all_files("demo") and box.all_files("demo"), (box.all_files("twin_b"), box.all_files("demo"))
    assert again(box, "twin_b") == again(box, "twin_a", *here(box)), "a second run writes more than in one workspace"
    code, _, errors = box.run("rollback", summary["operation_id"], "--yes", ok=(0, 5))
    assert code == 0, errors
    assert box.eu("GET", "/api/2.1/unity-catalog/catalogs/twin_b")[0] == 404


def killed(box):
    words = [box.clxs, "clone", "-s", "demo", "-d", "twin_c", *EVERYTHING, "-o", "json"]
    for wait in (0.25, 0.4, 0.6):
        process = subprocess.Popen(words, env=box.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        _, runs, _ = box.run("history", "list")
        if process.returncode < 0 and runs:
            id_ = runs[0].get("operation") or runs[0]["operation_id"]
            box.run("clone", "--resume", id_, ok=(0, 2, 5))
    code, summary, errors = box.run("clone", "-s", "demo", "-d", "twin_c", *EVERYTHING)
    assert facts(box, "twin_c") == facts(box, "twin_a"), (code, errors)


def bound(box):
    box.request("PATCH", "/api/2.1/unity-catalog/catalogs/demo", {"isolation_mode": "ISOLATED"})
    code, _, errors = box.run("preflight", "-s", "demo", "-d", "other", ok=(4,))
    code, _, errors = box.run("clone", "-s", "demo", "-d", "other", ok=(4,))
    assert "preflight" in errors, errors
    status, answer = box.eu("POST", "/api/2.0/sql/statements", {
        "statement": "SELECT count(*) FROM demo.sales.orders", "warehouse_id": "eu", "wait_timeout": "50s"})
    assert answer["status"]["state"] == "FAILED", answer
    assert "not accessible in current workspace" in answer["status"]["error"]["message"], answer
    assert box.sql("SELECT count(*) FROM demo.sales.orders")


def main():
    box = Pair(sys.argv[1])
    try:
        whole(box)
        killed(box)
        bound(box)
    finally:
        box.close()
    print("ok")


if __name__ == "__main__":
    main()
