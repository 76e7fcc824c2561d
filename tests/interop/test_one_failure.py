#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One object that fails never stops the others: a table that may not be read, a chain of views and a filter function that
need it, and everything else beside them. What needs it is blocked, with the cause; once the privilege is granted, --resume
does the rest. Then the same as preflight, rollback and history tell it, and under --read-only.

    test_one_failure.py CLXS
"""
import json
import os
import subprocess
import sys
import tempfile

from place import Place, same

BOB, TOKEN = "bob@example.com", "dapi-bob"
SOURCE = (
    "CREATE CATALOG shop",
    "CREATE SCHEMA shop.s",
    "CREATE TABLE shop.s.good (id INT)",
    "INSERT INTO shop.s.good VALUES (1), (2)",
    "CREATE TABLE shop.s.denied (id INT)",
    "INSERT INTO shop.s.denied VALUES (1)",
    "CREATE VIEW shop.s.v1 AS SELECT id FROM shop.s.denied",
    "CREATE VIEW shop.s.v2 AS SELECT id FROM shop.s.v1",
    "CREATE VIEW shop.s.v3 AS SELECT id FROM shop.s.good",
    "CREATE FUNCTION shop.s.allowed(x INT) RETURNS BOOLEAN RETURN EXISTS (SELECT 1 FROM shop.s.denied d WHERE d.id = x)",
    "CREATE TABLE shop.s.filtered (id INT)",
    "INSERT INTO shop.s.filtered VALUES (1), (2)",
    "GRANT MODIFY ON TABLE shop.s.denied TO `bob@example.com`",
    "GRANT SELECT ON TABLE shop.s.good TO `bob@example.com`",
    "GRANT SELECT ON TABLE shop.s.filtered TO `bob@example.com`",
    "ALTER TABLE shop.s.filtered SET ROW FILTER shop.s.allowed ON (id)",
    "GRANT USE CATALOG ON CATALOG shop TO `bob@example.com`",
    "GRANT USE SCHEMA, EXECUTE ON SCHEMA shop.s TO `bob@example.com`",
    "ALTER VIEW shop.s.v1 OWNER TO `bob@example.com`",
    "ALTER VIEW shop.s.v2 OWNER TO `bob@example.com`",
    "ALTER VIEW shop.s.v3 OWNER TO `bob@example.com`",
)
CLONE = ("clone", "-s", "shop", "-d", "copy", "--protected-tables", "ctas", "--no-permissions", "--no-ownership", "--no-tags", "-o", "json")


def as_bob(place, *words, expect=0):
    env = {**place.env, "DATABRICKS_TOKEN": TOKEN}
    done = subprocess.run([place.clxs, *words], env=env, capture_output=True, text=True, check=False)
    if done.returncode != expect:
        sys.exit(f"bob: clxs {' '.join(words)}: exit {done.returncode}, not {expect}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout) if "json" in words and done.stdout else done.stdout + done.stderr


def states(summary):
    return {(item["kind"], item["name"].removeprefix("shop.s.")): (item["status"], item["reason"] or "") for item in summary["objects"]}


def check_failure(summary):
    found = states(summary)
    assert summary["status"] == "partial", summary["status"]
    assert found["table", "good"][0] == found["view", "v3"][0] == found["schema", "shop.s"][0] == "succeeded", found
    assert found["table", "denied"][0] == "failed" and "SELECT" in found["table", "denied"][1], found
    for blocked, cause in ((("view", "v1"), "needs table shop.s.denied, which failed"), (("view", "v2"), "needs view shop.s.v1, which is blocked"),
                           (("function", "allowed"), "needs table shop.s.denied, which failed")):
        assert found[blocked] == ("blocked", cause), (blocked, found[blocked])
    assert found["table", "filtered"][0] == "blocked" and "function shop.s.allowed" in found["table", "filtered"][1], found
    assert all(not str(item["error_class"] or "").isdigit() for item in summary["objects"])


def main():
    with tempfile.TemporaryDirectory() as home:
        place = Place(sys.argv[1], home, "--user", f"{BOB}:{TOKEN}")
        try:
            for text in SOURCE:
                place.sql(text)
            metastore = place.ask("/api/2.1/unity-catalog/metastore_summary")["metastore_id"]
            place.patch(f"permissions/metastore/{metastore}", {"changes": [{"principal": BOB, "add": ["CREATE_CATALOG"]}]})
            place.request("PATCH", "/api/2.1/unity-catalog/functions/shop.s.allowed", {"owner": BOB})
            check_failure(as_bob(place, *CLONE, expect=5))
            operation = as_bob(place, "history", "list", "-o", "json")[0]
            assert operation["state"] == "partial", operation
            place.sql("GRANT SELECT ON TABLE shop.s.denied TO `bob@example.com`")
            place.run("clone", "--resume", "latest", expect=2)  # the administrator is not bob
            done = as_bob(place, "clone", "--resume", "latest", "-o", "json")
            assert done["status"] == "succeeded" and all(status == "succeeded" for status, _ in states(done).values()), done
            place.token = TOKEN  # the copy is bob's
            assert place.sql("SELECT count(*) FROM copy.s.filtered") == [["1"]]
            assert "nothing to do" in as_bob(place, "clone", "--resume", operation["operation_id"])
            copy = place.portrait("copy")
            for words in (("rollback", "--list"), ("rollback", operation["operation_id"], "--dry-run"), ("history", "list")):
                as_bob(place, *words, "--read-only")
            as_bob(place, "rollback", operation["operation_id"], "--read-only", "--yes", expect=4)
            as_bob(place, "rollback", operation["operation_id"], expect=2)  # nobody can be asked
            same(copy, place.portrait("copy"), "looked at only")
            place.sql("INSERT INTO copy.s.good VALUES (3)")
            left = as_bob(place, "rollback", operation["operation_id"], "--yes", "-o", "json", expect=5)
            reasons = {item["name"]: item["reason"] for item in left["objects"] if item["status"] == "skipped"}
            assert reasons["copy.s.good"] == "others have written to it since the run", reasons
            assert set(name for name in place.portrait("copy") if name.startswith("tables")) == {"tables copy.s.good"}
        finally:
            place.close()
    print("one failure stops nothing else")


if __name__ == "__main__":
    os.environ.pop("DATABRICKS_HOST", None)
    main()
