#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kill a clone with SIGKILL while it runs, at many moments. Resumed, the copy must be what an undisturbed clone makes, as
check_clone.py judges; rolled back instead, the destination must be what it was before, whether it was there or not. The moments are lines of the journal (the process is killed as soon as that line is in the
file), spread over the run by a fixed seed. CLXS_KILLS says how many (8).

    test_killed.py CLXS
"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).parent
TOKEN = "dapi-killed"
KILLS = int(os.environ.get("CLXS_KILLS", "8"))


class Place:
    """A home, and a workspace that outlives the clients."""

    def __init__(self, clxs, home, *flags):
        self.clxs, self.home = clxs, pathlib.Path(home)
        self.env = {**os.environ, "HOME": home, "CLXS_SANDBOX_TOKEN": TOKEN, "DATABRICKS_TOKEN": TOKEN, "DATABRICKS_WAREHOUSE_ID": "sandbox",
                    **{f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("STATE", "CACHE", "DATA", "CONFIG")}}
        # pylint: disable-next=consider-using-with
        self.server = subprocess.Popen(
            [clxs, "sandbox", "serve", "--port", "0", "--seed", "demo", "--state", f"{home}/state.db",
             "--latency-ms", "3", *flags], env=self.env, stdout=subprocess.PIPE, text=True)
        line = self.server.stdout.readline()
        self.env["DATABRICKS_HOST"] = next(word for word in line.split() if word.startswith("http://")).rstrip(".,")

    def close(self):
        self.server.terminate()
        self.server.wait()

    def run(self, *words, expect=0):
        done = subprocess.run([self.clxs, *words], env=self.env, capture_output=True, text=True, check=False)
        if done.returncode != expect:
            sys.exit(f"clxs {' '.join(words)}: exit {done.returncode}, not {expect}\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout) if "json" in words and done.stdout else done.stdout

    def ask(self, path, body=None):
        ask = urllib.request.Request(self.env["DATABRICKS_HOST"] + path, json.dumps(body).encode() if body else None,
                                     {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"})
        with urllib.request.urlopen(ask) as answer:
            return json.loads(answer.read() or b"{}")

    def sql(self, text):
        answer = self.ask("/api/2.0/sql/statements", {"statement": text, "warehouse_id": "sandbox", "wait_timeout": "50s"})
        while answer["status"]["state"] in ("PENDING", "RUNNING"):
            answer = self.ask("/api/2.0/sql/statements/" + answer["statement_id"])
        if answer["status"]["state"] != "SUCCEEDED":
            sys.exit(f"{text}: {answer['status']}")
        return answer.get("result", {}).get("data_array", [])

    def listing(self, kind, **query):
        query = urllib.parse.urlencode({"max_results": 0, **query})
        return self.ask(f"/api/2.1/unity-catalog/{kind}?{query}").get(kind, [])

    def snapshot(self, catalog):
        """Everything that a person would miss, as text: objects, texts, columns, comments, rows."""
        found = {}
        if catalog not in [item["name"] for item in self.listing("catalogs")]:
            return found
        for schema in self.listing("schemas", catalog_name=catalog):
            if schema["name"] == "information_schema":
                continue
            found[schema["name"]] = schema.get("comment")
            where = {"catalog_name": catalog, "schema_name": schema["name"]}
            for kind in ("tables", "functions", "volumes"):
                for item in self.listing(kind, **where):
                    found[f"{kind} {item['full_name']}"] = self.portrait(kind, item)
        return found

    def portrait(self, kind, item):
        members = ("table_type", "view_definition", "comment", "routine_definition", "full_data_type", "volume_type", "owner")
        kept = {member: item.get(member) for member in members}
        if kind == "tables":
            name = ".".join(f"`{part}`" for part in item["full_name"].split("."))
            kept["columns"] = [(c["name"], c["type_text"], c.get("comment")) for c in item["columns"]]
            kept["rows"] = sorted(map(str, self.sql(f"SELECT * FROM {name}")))
            grants = self.ask(f"/api/2.1/unity-catalog/permissions/table/{urllib.parse.quote(item['full_name'])}")
            kept["grants"] = grants.get("privilege_assignments", [])
        return kept

    def journals(self):
        return set((self.home / "state" / "clxs" / "operations").glob("*.journal"))

    def judge(self, catalog, summary):
        path = self.home / "summary.json"
        path.write_text(json.dumps(summary))
        done = subprocess.run([sys.executable, HERE / "check_clone.py", "--source", "demo", "--dest", catalog, "--summary",
                               path], env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{catalog} is no copy of demo:\n{done.stdout}{done.stderr}")

    def clone_and_kill(self, catalog, lines, *flags):
        """Start a clone and kill it once its journal has LINES lines behind the plan; its id, and whether it was killed."""
        before = self.journals()
        with subprocess.Popen([self.clxs, "clone", "-s", "demo", "-d", catalog, "--max-workers", "4",
                               "--protected-tables", "ctas", *flags], env=self.env,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
            while client.poll() is None:
                new = self.journals() - before
                text = new.pop().read_bytes() if new else b""
                planned = text.find(b'{"planned":')
                if planned >= 0 and text.count(b"\n", planned) > lines:
                    client.send_signal(signal.SIGKILL)
                    break
            client.wait()
        name = (self.journals() - before).pop().stem
        return name, client.returncode == -signal.SIGKILL


def resume(place, number, lines):
    catalog = f"copy{number}"
    operation, killed = place.clone_and_kill(catalog, lines)
    if not killed:
        return 0
    shown = place.run("history", "show", operation, "-o", "json")
    if shown["state"] != "died":
        return 0  # killed behind its last record
    summary = place.run("clone", "--resume", operation, "-o", "json")
    assert summary["status"] == "succeeded" and summary["operation_id"] == operation, summary
    assert summary["requests"]["sql"] <= shown["steps"]["left"], (summary["requests"], shown["steps"])
    place.judge(catalog, summary)
    assert place.run("history", "show", operation, "-o", "json")["state"] == "succeeded"
    return 1


BEFORE = (
    "CREATE CATALOG {0}",
    "CREATE SCHEMA {0}.sales COMMENT 'mine'",
    "CREATE TABLE {0}.sales.orders (id INT COMMENT 'a key', note STRING)",
    "INSERT INTO {0}.sales.orders VALUES (1, 'old'), (2, 'older')",
    "CREATE TABLE {0}.sales.private (x INT)",
    "INSERT INTO {0}.sales.private VALUES (42)",
    "CREATE FUNCTION {0}.sales.with_tax(x INT) RETURNS INT RETURN x + 1",
    "CREATE VIEW {0}.sales.z_order_lines COMMENT 'a view' AS SELECT id FROM {0}.sales.orders",
    "COMMENT ON COLUMN {0}.sales.z_order_lines.id IS 'of the view'",
    "GRANT SELECT ON VIEW {0}.sales.z_order_lines TO `account users`",
    "CREATE SCHEMA {0}.other",
    "CREATE TABLE {0}.other.t (x INT)",
    "CREATE VOLUME {0}.sales.mine",
)


def take_back(place, number, lines, there):
    """Kill a clone (into a catalog that is THERE already, or not), and roll it back."""
    catalog = f"{'there' if there else 'fresh'}{number}"
    for text in BEFORE if there else ():
        place.sql(text.format(catalog))
    before = place.snapshot(catalog)
    operation, _ = place.clone_and_kill(catalog, lines, "--enable-rollback")
    dry = place.run("rollback", operation, "--dry-run", "-o", "json")
    assert dry["status"] == "planned" and not any("private" in str(step) for step in dry["plan"]["steps"]), dry
    place.run("rollback", operation, "--yes", "-o", "json")
    after = place.snapshot(catalog)
    for name in {*before, *after}:
        if before.get(name, "absent") != after.get(name, "absent"):
            sys.exit(f"killed at {lines}, {name} was {before.get(name, 'absent')}, is {after.get(name, 'absent')}")
    again = place.run("rollback", operation, "--yes", "-o", "json")
    assert not again["counts"] or all(kind["failed"] == 0 for kind in again["counts"].values()), again
    return 1


def main():
    moments = random.Random(20260131)
    with tempfile.TemporaryDirectory() as home:
        place = Place(sys.argv[1], home)
        try:
            whole = place.run("clone", "-s", "demo", "-d", "undisturbed", "--protected-tables", "ctas", "-o", "json")
            place.judge("undisturbed", whole)
            steps = sum(1 for entry in whole["objects"] if entry["status"] == "succeeded")
            killed = sum(resume(place, i, moments.randrange(2 * steps)) for i in range(KILLS))
            back = sum(take_back(place, i, moments.randrange(2 * steps), i % 2) for i in range(KILLS))
            back += take_back(place, KILLS, 1000, False) + take_back(place, KILLS, 1000, True)
        finally:
            place.close()
    print(f"{killed} of {KILLS} clones were killed in time; all resumed to a true copy; {back} were taken back")
    sys.exit(0 if killed >= KILLS // 2 else 1)


if __name__ == "__main__":
    main()
