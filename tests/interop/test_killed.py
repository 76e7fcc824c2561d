#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kill a clone with SIGKILL while it runs, at many moments. Resumed, the copy must be what an undisturbed clone makes, as
check_clone.py judges and as it looks from outside; rolled back instead, the destination must be what it was before, whether
it was there or not, also when the rollback is killed and run again. The moments are lines of the journal (the process is
killed as soon as that line is in the file), spread over the run by a fixed seed. CLXS_KILLS says how many (8).

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

from place import Place, same

HERE = pathlib.Path(__file__).parent
KILLS = int(os.environ.get("CLXS_KILLS", "8"))
CLONE = ("clone", "-s", "demo", "--max-workers", "4", "--protected-tables", "ctas")


def judge(place, catalog, summary):
    path = place.home / "summary.json"
    path.write_text(json.dumps(summary))
    done = subprocess.run([sys.executable, HERE / "check_clone.py", "--source", "demo", "--dest", catalog, "--summary", path],
                          env=place.env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{catalog} is no copy of demo:\n{done.stdout}{done.stderr}")


def run_and_kill(place, lines, *words):
    """Start a command and kill it once its journal has LINES lines behind the plan; its id, and whether it was killed."""
    before = place.journals()
    with subprocess.Popen([place.clxs, *words], env=place.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
        while client.poll() is None:
            new = place.journals() - before
            text = new.pop().read_bytes() if new else b""
            planned = text.find(b'{"planned":')
            if planned >= 0 and text.count(b"\n", planned) > lines:
                client.send_signal(signal.SIGKILL)
                break
        client.wait()
    new = place.journals() - before
    return new.pop().stem if new else None, client.returncode == -signal.SIGKILL


def renamed(portrait, catalog):
    """The portrait with CATALOG's name and its files' places taken out."""
    return json.loads(json.dumps(portrait, default=str).replace(catalog, "CATALOG"))


def resume(place, number, lines, undisturbed):
    catalog = f"copy{number}x"
    operation, killed = run_and_kill(place, lines, *CLONE, "-d", catalog)
    if not killed:
        return 0
    shown = place.run("history", "show", operation, "-o", "json")
    if shown["state"] != "died":
        return 0  # killed behind its last record
    summary = place.run("clone", "--resume", operation, "-o", "json")
    assert summary["status"] == "succeeded" and summary["operation_id"] == operation, summary
    assert summary["requests"]["sql"] <= shown["steps"]["left"], (summary["requests"], shown["steps"])
    judge(place, catalog, summary)
    same(undisturbed, renamed(place.portrait(catalog), catalog), f"killed at {lines}")
    assert place.run("history", "show", operation, "-o", "json")["state"] == "succeeded"
    assert place.run("clone", "--resume", operation, "-o", "json")["nothing_to_do"]
    return 1


# A destination with something of every kind, some of it under the names of the source.
BEFORE = (
    "CREATE CATALOG {0} COMMENT 'my own'",
    "ALTER CATALOG {0} SET TAGS ('stage' = 'mine')",
    "CREATE SCHEMA {0}.sales COMMENT 'mine' WITH DBPROPERTIES ('team' = 'north', 'only' = 'here')",
    "ALTER SCHEMA {0}.sales SET TAGS ('stage' = 'old')",
    "GRANT USE SCHEMA ON SCHEMA {0}.sales TO `account users`",
    "CREATE TABLE {0}.sales.customers (customer_id BIGINT NOT NULL COMMENT 'who', name STRING) COMMENT 'mine, too'"
    " TBLPROPERTIES ('kept' = 'yes')",
    "INSERT INTO {0}.sales.customers VALUES (1, 'Ann')",
    "ALTER TABLE {0}.sales.customers ADD CONSTRAINT own_pk PRIMARY KEY (customer_id)",
    "ALTER TABLE {0}.sales.customers SET TAGS ('pii' = 'no', 'own' = '')",
    "ALTER TABLE {0}.sales.customers ALTER COLUMN name SET TAGS ('pii' = 'name')",
    "GRANT SELECT, MODIFY ON TABLE {0}.sales.customers TO `account users`",
    "CREATE TABLE {0}.sales.orders (id INT COMMENT 'a key', note STRING)",
    "INSERT INTO {0}.sales.orders VALUES (1, 'old'), (2, 'older')",
    "CREATE TABLE {0}.sales.private (x INT)",
    "INSERT INTO {0}.sales.private VALUES (42)",
    "CREATE FUNCTION {0}.sales.with_tax(x INT) RETURNS INT COMMENT 'of my own' RETURN x + 1",
    "GRANT EXECUTE ON FUNCTION {0}.sales.with_tax TO `account users`",
    "CREATE VIEW {0}.sales.z_order_lines COMMENT 'a view' AS SELECT id, {0}.sales.with_tax(id) AS taxed FROM {0}.sales.orders",
    "COMMENT ON COLUMN {0}.sales.z_order_lines.id IS 'of the view'",
    "ALTER VIEW {0}.sales.z_order_lines SET TAGS ('view' = 'mine')",
    "GRANT SELECT ON VIEW {0}.sales.z_order_lines TO `account users`",
    "CREATE SCHEMA {0}.hr",
    "CREATE TABLE {0}.hr.employees (id BIGINT COMMENT 'old', name STRING)",
    "INSERT INTO {0}.hr.employees VALUES (7, 'Ann')",
    "CREATE SCHEMA {0}.other",
    "CREATE TABLE {0}.other.t (x INT)",
    "CREATE VOLUME {0}.sales.mine COMMENT 'files'",
)


def prepare(place, number, there):
    catalog = f"{'there' if there else 'fresh'}{number}x"
    for text in BEFORE if there else ():
        place.sql(text.format(catalog))
    return catalog, place.portrait(catalog)


def take_back(place, number, lines, there):
    """Kill a clone (into a catalog that is THERE already, or not), and roll it back, in two runs where the moments allow."""
    catalog, before = prepare(place, number, there)
    operation, _ = run_and_kill(place, lines, *CLONE, "-d", catalog, "--enable-rollback")
    dry = place.run("rollback", operation, "--dry-run", "-o", "json")
    assert dry["status"] == "planned" and not any("private" in str(step) for step in dry["plan"]["steps"]), dry
    broken, _ = run_and_kill(place, lines // 3, "rollback", operation, "--yes")
    place.run("rollback", operation, "--yes", "-o", "json")
    same(before, place.portrait(catalog), f"killed at {lines}, its rollback {broken} at {lines // 3}")
    again = place.run("rollback", operation, "--yes", "-o", "json")
    assert again["status"] == "succeeded" and not any(kind["failed"] for kind in again["counts"].values()), again
    if "rolled_back_by" in place.run("history", "show", operation, "-o", "json"):
        place.run("clone", "--resume", operation, expect=2)
    return 1


def main():
    moments = random.Random(20260131)
    with tempfile.TemporaryDirectory() as home:
        place = Place(sys.argv[1], home, "--latency-ms", "3")
        try:
            whole = place.run(*CLONE, "-d", "undisturbed", "-o", "json")
            judge(place, "undisturbed", whole)
            undisturbed = renamed(place.portrait("undisturbed"), "undisturbed")
            lines = 2 * sum(1 for entry in whole["objects"] if entry["status"] == "succeeded")
            killed = sum(resume(place, i, moments.randrange(lines), undisturbed) for i in range(KILLS))
            back = sum(take_back(place, i, moments.randrange(lines), i % 2) for i in range(KILLS))
            back += take_back(place, KILLS, 1000, False) + take_back(place, KILLS, 1000, True)
        finally:
            place.close()
    print(f"{killed} of {KILLS} clones were killed in time; all resumed to a true copy; {back} were taken back")
    sys.exit(0 if killed >= KILLS // 2 else 1)


if __name__ == "__main__":
    main()
