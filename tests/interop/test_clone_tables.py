#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which rows `clxs clone` brings: some by a condition, none, those of an earlier version. Judged by the rows themselves,
read through the public REST API.

    test_clone_tables.py CLXS
"""
import json
import subprocess
import sys

from test_clone_metadata import UNITY, Sandbox


def run(box, command, *flags, code=0):
    done = subprocess.run([box.clxs, command, "-o", "json", *flags], env=box.env, capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.returncode, done.stdout[-3000:], done.stderr)
    return json.loads(done.stdout) if done.stdout else done.stderr


def clone(box, dest, *flags, code=0, source="demo"):
    return run(box, "clone", "--source", source, "--dest", dest, *flags, code=code)


def status(summary, name):
    return next(o for o in summary["objects"] if o["name"] == name)


def columns(box, table):
    found = box.request("GET", UNITY + "tables/" + table.replace("`", ""))["columns"]
    return [(c["name"], c["type_text"], c["nullable"], c.get("comment"), c.get("partition_index"),
             json.loads(c["type_json"])["metadata"]) for c in found]


def definitions(box):
    clone(box, "empty", "--schema-only")
    for table in ("sales.orders", "sales.products", "raw-data.readings", "raw-data.events", "zoo.2024-report", "hr.employees"):
        source, copy = columns(box, "demo." + table), columns(box, "empty." + table)
        for column in source + copy:
            column[5].pop("delta.identity.highWaterMark", None)
            if column[2] is False:
                column[5].pop("delta.invariants", None)
        assert json.loads(json.dumps(source).replace("demo.", "empty.")) == json.loads(json.dumps(copy)), (source, copy)
        name = ".".join(f"`{part}`" for part in table.split("."))
        assert box.sql(f"SELECT count(*) FROM `empty`.{name}") == [["0"]], table
    assert box.sql("DESCRIBE DETAIL empty.sales.products")[0][8] == '["sku"]'
    # Rows that came since stay, and nothing is made twice.
    box.sql("INSERT INTO empty.sales.empty_table VALUES (1, 'kept')")
    summary = clone(box, "empty", "--schema-only", "--include-schemas", "sales", "--dry-run")
    assert not [s for s in summary["plan"]["steps"] if s.get("statement", "").startswith("CREATE OR REPLACE TABLE")], summary
    assert box.sql("SELECT b FROM empty.sales.empty_table") == [["kept"]]


def conditions(box):
    clone(box, "some", "--include-schemas", "sales,raw-data", "--protected-tables", "skip", "--exclude-tables-regex", "price_list",
          "--table-filter", "sales.orders:note = 'gift' OR id IN (SELECT max(id) FROM demo.sales.orders)",
          "--table-filter", "`raw-data`.readings:sensor <> ';--'", "--table-filter", "`raw-data`.events:payload LIKE '%demo.sales%'")
    assert box.sql("SELECT id FROM some.sales.orders ORDER BY id") == [["1"], ["6"]]
    assert box.sql("SELECT count(*) FROM some.sales.customers") == [["5"]], "no filter, all rows"
    assert box.sql("SELECT id, sensor FROM some.`raw-data`.readings ORDER BY id") == [["100", "north"], ["110", "south"]]
    box.sql("INSERT INTO some.`raw-data`.readings (sensor) VALUES ('west')")
    assert box.sql("SELECT id FROM some.`raw-data`.readings WHERE sensor = 'west'") == [["120"]], "goes on counting"
    assert box.sql("SELECT kind FROM some.`raw-data`.events") == [["click"]]
    assert box.request("GET", UNITY + "tables/some.raw-data.events")["properties"]["delta.appendOnly"] == "true"
    # A table without the column fails closed, all others come.
    summary = clone(box, "fits", "--include-schemas", "sales", "--where", "customer_id = 1", "--no-constraints", code=5)
    assert status(summary, "demo.sales.orders")["status"] == "succeeded", summary
    assert status(summary, "demo.sales.customers")["status"] == "failed", summary
    assert box.sql("SELECT count(*) FROM fits.sales.orders") == [["2"]]


def versions(box):
    history = box.sql("DESCRIBE HISTORY demo.sales.orders")
    two = next(row for row in history if row[0] == "2")
    clone(box, "past", "--include-schemas", "sales", "--include-tables-regex", "^orders$", "--as-of-version", "2",
          "--no-constraints")
    assert box.sql("SELECT count(*) FROM past.sales.orders") == [["4"]]
    assert json.loads(box.sql("DESCRIBE HISTORY past.sales.orders")[-1][5])["sourceVersion"] == "2"
    clone(box, "past2", "--include-schemas", "sales", "--include-tables-regex", "^orders$", "--as-of-version", "2",
          "--no-constraints", "--where", "id > 2")
    assert box.sql("SELECT id FROM past2.sales.orders ORDER BY id") == [["3"], ["4"]]
    # At a time: the version in force, also of tables that were not written since.
    clone(box, "moment", "--include-schemas", "sales", "--include-tables-regex", "^(orders|customers)$", "--as-of-timestamp",
          two[1], "--no-constraints", code=0)
    assert box.sql("SELECT count(*) FROM moment.sales.orders") == [["4"]]
    box.sql("CREATE TABLE demo.sales.young (id INT)")
    summary = clone(box, "moment2", "--include-schemas", "sales", "--include-tables-regex", "^(young|customers)$",
                    "--as-of-timestamp", history[0][1])
    assert status(summary, "demo.sales.young")["status"] == "skipped", summary
    assert status(summary, "demo.sales.customers")["status"] == "succeeded", summary
    box.sql("DROP TABLE demo.sales.young")


def refusals(box):
    for flags in (("--where", "a) OR (b"), ("--where", "a; DROP TABLE demo.sales.orders"), ("--where", "a --"),
                  ("--table-filter", "sales.none:a"), ("--table-filter", "sales.z_order_lines:a"),
                  ("--where", "a", "--clone-type", "SHALLOW"), ("--schema-only", "--where", "a"),
                  ("--as-of-timestamp", "soon")):
        clone(box, "never", *flags, code=2)
    assert not [c for c in box.listing("catalogs") if c["name"] == "never"]


if __name__ == "__main__":
    sandbox = Sandbox(sys.argv[1])
    try:
        definitions(sandbox)
        conditions(sandbox)
        versions(sandbox)
        refusals(sandbox)
    finally:
        sandbox.close()
    print("ok")
