#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which rows `clxs clone` brings: some by a condition, none, those of an earlier version, hidden columns; which tables it copies again, and where external ones go. Judged by the rows themselves,
read through the public REST API.

    test_clone_tables.py CLXS
"""
import json
import pathlib
import subprocess
import sys

from test_clone_metadata import UNITY, Sandbox


def run(box, command, *flags, code=0):
    done = subprocess.run([box.clxs, command, "-o", "json", *flags], env=box.env, capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.returncode, [line for line in done.stdout.split("{") if '"status": "failed"' in line], done.stderr)
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
    assert not [s for s in summary["plan"]["steps"] if (s.get("text") or "").startswith("CREATE OR REPLACE TABLE")], summary
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


MASKS = """masking_rules:
  - {column: mail$, match_type: regex, strategy: email_mask}
  - {column: name, strategy: partial, schema: sales}
  - {column: ssn, strategy: hash}
  - {column: person.born, strategy: null}
  - {column: phones, strategy: redact}
  - {column: card, strategy: "concat('****', right({column}, 4))"}
  - {column: not_there, strategy: hash}
"""


def masks(box):
    box.sql("CREATE TABLE demo.sales.people (id INT NOT NULL, EMAIL STRING, ssn BIGINT, person STRUCT<name: STRING, born: DATE>, "
            "phones ARRAY<STRING>, card VARCHAR(20) COMMENT 'plastic', n INT GENERATED ALWAYS AS (id + 1))")
    box.sql("INSERT INTO demo.sales.people (id, EMAIL, ssn, person, phones, card) VALUES (1, 'ada@example.com', 123456789, "
            "named_struct('name', 'Ada Lovelace', 'born', DATE'1815-12-10'), array('555', '666'), '4111111111111111'), "
            "(2, NULL, NULL, NULL, NULL, NULL), (3, 'x@y', 5, named_struct('name', 'Bo', 'born', NULL), array(), '12')")
    config = box.directory.name + "/masks.yaml"
    with open(config, "w", encoding="utf-8") as file:
        file.write(MASKS)
    flags = ("-c", config, "--include-schemas", "sales", "--include-tables-regex", "^(people|customers)$")
    clone(box, "masked", *flags)
    rows = box.sql("SELECT * FROM masked.sales.people ORDER BY id")
    assert rows[0][1] == "a***@example.com" and rows[1][1] is None and rows[2][1] == "***@y", rows
    digest = box.sql("SELECT CAST(conv(substr(sha2('123456789', 256), 1, 15), 16, 10) AS BIGINT)")[0][0]
    assert rows[0][2] == digest and rows[1][2] is None, rows
    assert json.loads(rows[0][3]) == {"name": "A**********e", "born": None} and rows[1][3] is None, rows
    assert json.loads(rows[2][3])["name"] == "**", rows
    assert json.loads(rows[0][4]) == ["***REDACTED***"] * 2 and rows[1][4] is None and json.loads(rows[2][4]) == [], rows
    assert rows[0][5] == "****1111" and rows[2][5] == "****12" and rows[0][6] == "2", rows
    assert box.sql("SELECT name FROM masked.sales.customers WHERE id = 1") == [["A**********e"]]
    # No version of the copy ever held what is hidden, not even after a second run.
    clone(box, "masked", *flags)
    for version in box.sql("DESCRIBE HISTORY masked.sales.people"):
        text = json.dumps(box.sql(f"SELECT * FROM masked.sales.people VERSION AS OF {version[0]}"))
        assert "ada@" not in text and "4111111111111111" not in text and "Lovelace" not in text, version
    source, copy = columns(box, "demo.sales.people"), columns(box, "masked.sales.people")
    assert [c[:4] for c in source] == [c[:4] for c in copy], (source, copy)
    # What cannot be hidden stays away; a misspelt flag stops the run.
    summary = clone(box, "masked2", "--include-schemas", "sales", "--include-tables-regex", "^(people|customers)$", "--mask",
                    "ssn=partial", code=5)
    assert status(summary, "demo.sales.people")["status"] == "failed", summary
    assert [t["name"] for t in box.listing("tables", catalog_name="masked2", schema_name="sales")] == ["customers"]
    clone(box, "masked3", "--mask", "sssn=hash", code=2)
    box.sql("DROP TABLE demo.sales.people")


def verdict(document, name):
    return next(o for o in document["objects"] if o["name"] == name)


def validation(box):
    """A copy is judged by what it was to hold: its rows, its version, its hidden columns."""
    box.sql("CREATE CATALOG shop")
    box.sql("CREATE SCHEMA shop.s")
    box.sql("CREATE TABLE shop.s.t (id INT, email STRING)")
    box.sql("INSERT INTO shop.s.t VALUES (1, 'ada@example.com'), (2, 'carl@example.com')")
    choice = ("--table-filter", "s.t:id = 1", "--mask", "email=email")
    summary = clone(box, "shop1", *choice, "--checksum", source="shop")
    found = verdict(summary["validation"], "s.t")
    assert summary["validation"]["status"] == "match" and found["source_rows"] == 1, summary["validation"]
    assert found["masked_columns"] == ["email"] and "email" in found["reason"], found
    # Without the choice the same copy differs.
    names = ("--source", "shop", "--dest", "shop1")
    assert run(box, "validate", *names, "--mask", "email=email", code=1)["status"] == "different"
    assert run(box, "validate", *names, "--table-filter", "s.t:id = 1", "--checksum", code=1)["status"] == "different"
    box.sql("INSERT INTO shop1.s.t VALUES (9, 'x')")
    assert run(box, "validate", *names, *choice, code=1)["status"] == "different"
    # The source goes on: the copy equals the version that it was cloned from, until somebody writes to it.
    clone(box, "shop2", "--checksum", source="shop")
    names = ("--source", "shop", "--dest", "shop2")
    box.sql("INSERT INTO shop.s.t VALUES (3, 'new')")
    document = run(box, "validate", *names, "--checksum")
    assert document["status"] == "match" and "version 1" in verdict(document, "s.t")["reason"], document
    box.sql("INSERT INTO shop2.s.t VALUES (4, 'own')")
    assert run(box, "validate", *names, "--checksum", code=1)["status"] == "different"
    # An earlier version, by number and by time.
    moment = next(row[1] for row in box.sql("DESCRIBE HISTORY shop.s.t") if row[0] == "1")
    for number, flags in enumerate((("--as-of-version", "1"), ("--as-of-timestamp", moment))):
        box.sql("CREATE OR REPLACE TABLE shop.s.young (id INT)")
        more = ("--exclude-tables-regex", "young") if number == 0 else ()
        summary = clone(box, f"shop3{number}", *flags, *more, "--checksum", source="shop")
        assert summary["validation"]["status"] == "match", summary["validation"]
        assert verdict(summary["validation"], "s.t")["source_rows"] == 2, summary["validation"]
    assert verdict(summary["validation"], "s.young")["status"] == "not_compared", summary["validation"]
    # Definitions only.
    summary = clone(box, "shop4", "--schema-only", "--validate", source="shop")
    assert summary["validation"]["status"] == "match", summary["validation"]
    assert run(box, "validate", "--source", "shop", "--dest", "shop4", code=1)["status"] == "different"
    # A condition that does not fit is unknown, never a match.
    assert run(box, "validate", *names, "--where", "nope = 1", "--exclude-tables-regex", "young", code=5)["status"] == "unknown"
    run(box, "validate", *names, "--table-filter", "s.nope:id = 1", code=2)
    # A column that the source has got since is no mistake of the copy either.
    clone(box, "shop5", "--include-tables-regex", "^t$", source="shop")
    box.sql("ALTER TABLE shop.s.t ADD COLUMN extra STRING")
    document = run(box, "validate", "--source", "shop", "--dest", "shop5", "--include-tables-regex", "^t$", "--checksum")
    assert "has changed since" in verdict(document, "s.t")["reason"], document
    box.sql("INSERT INTO shop5.s.t VALUES (7, 'own')")
    document = run(box, "validate", "--source", "shop", "--dest", "shop5", "--include-tables-regex", "^t$", code=1)
    assert "extra" in verdict(document, "s.t")["reason"], document
    assert run(box, "validate", "--source", "shop", "--dest", "shop30", "--as-of-version", "1", "--include-tables-regex", "^t$",
               "--checksum")["status"] == "match"


def writes(box, dest, *flags):
    steps = clone(box, dest, "--dry-run", *flags, source="shop")["plan"]["steps"]
    return [s.get("text") or s.get("path") for s in steps if s["via"] in ("sql", "rest")]


def incremental(box):
    """Only what has changed is cloned again; what somebody wrote to the copy is replaced."""
    flags = ("--load-type", "INCREMENTAL")
    box.sql("CREATE TABLE shop.s.u (id INT)")
    clone(box, "twice", *flags, source="shop")
    assert writes(box, "twice", *flags) == [], "a second run sends no write"
    summary = clone(box, "twice", *flags, source="shop")
    assert "up to date" in status(summary, "shop.s.t")["reason"], summary
    box.sql("INSERT INTO shop.s.u VALUES (1)")
    assert [w for w in writes(box, "twice", *flags) if "CLONE" in w] == [
        "CREATE OR REPLACE TABLE `twice`.`s`.`u` DEEP CLONE `shop`.`s`.`u`"]
    clone(box, "twice", *flags, source="shop")
    assert box.sql("SELECT count(*) FROM twice.s.u") == [["1"]]
    box.sql("DELETE FROM twice.s.t WHERE id = 1")
    clone(box, "twice", *flags, source="shop")
    assert box.sql("SELECT count(*) FROM twice.s.t") == box.sql("SELECT count(*) FROM shop.s.t")
    assert writes(box, "twice", *flags) == []
    # Masked and filtered copies are no clones, but they note what they hold.
    choice = ("--mask", "email=null", "--table-filter", "s.u:id = 1")
    clone(box, "hidden", *flags, *choice, source="shop")
    assert writes(box, "hidden", *flags, *choice) == []
    assert len(writes(box, "hidden", *flags, "--mask", "email=hash", "--table-filter", "s.u:id = 1")) == 1, "another choice"
    box.sql("INSERT INTO shop.s.t (id, email) VALUES (8, 'late@example.com')")
    document = run(box, "validate", "--source", "shop", "--dest", "hidden", "--exclude-tables-regex", "young", *choice)
    assert "has changed since" in verdict(document, "s.t")["reason"], document
    assert len(writes(box, "hidden", *flags, *choice)) == 1, "the source went on"
    clone(box, "hidden", *flags, *choice, source="shop")
    box.sql("DELETE FROM hidden.s.u")
    assert len(writes(box, "hidden", *flags, *choice)) == 1, "the copy was written to"
    clone(box, "hidden", *flags, *choice, source="shop")
    assert box.sql("SELECT count(email) FROM hidden.s.t") == [["0"]] and writes(box, "hidden", *flags, *choice) == []


def journal_lines(box):
    return sum(path.read_bytes().count(b"\n") for path in pathlib.Path(box.env["XDG_STATE_HOME"]).rglob("*")
               if path.suffix == ".journal")


def killed(box):
    """A clone that dies keeps hiding and choosing when it is resumed, whatever the flags are then."""
    choice = ("--include-schemas", "sales", "--include-tables-regex", "^(customers|orders|products)$", "--mask", "email=hash",
              "--mask", "name=partial", "--table-filter", "sales.orders:id > 2", "--max-workers", "2")
    clone(box, "whole0", *choice)
    wanted = [box.sql(f"SELECT * FROM whole0.sales.{table} ORDER BY 1") for table in ("customers", "orders", "products")]
    for number in range(6):
        dest, seen = f"killed{number}", journal_lines(box)
        # pylint: disable-next=consider-using-with
        process = subprocess.Popen([box.clxs, "clone", "--source", "demo", "--dest", dest, *choice], env=box.env,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and journal_lines(box) < seen + 20 + 12 * number:
            pass
        process.kill()
        if process.wait() != 0:
            run(box, "clone", "--resume", "latest")
        for table, rows in zip(("customers", "orders", "products"), wanted):
            assert box.sql(f"SELECT * FROM {dest}.sales.{table} ORDER BY 1") == rows, (number, table)
        for version in box.sql(f"DESCRIBE HISTORY {dest}.sales.customers"):
            assert "ada@" not in json.dumps(box.sql(f"SELECT * FROM {dest}.sales.customers VERSION AS OF {version[0]}"))


def external(box):
    """External tables at places of their own, deep and shallow, and a second run at the same place."""
    box.sql("CREATE TABLE shop.s.out (id INT) LOCATION 's3://demo-external/shop/out'")
    box.sql("INSERT INTO shop.s.out VALUES (1), (2)")
    where = ("--external-location-template", "s3://demo-external/copies/{catalog}/{schema}/{kind}/{name}")
    for kind, dest in (("DEEP", "outer"), ("SHALLOW", "outer2")):
        for _ in range(2):
            clone(box, dest, *where, "--clone-type", kind, "--include-tables-regex", "^out$", source="shop")
        table = box.request("GET", UNITY + f"tables/{dest}.s.out")
        assert table["table_type"] == ("EXTERNAL" if kind == "DEEP" else "EXTERNAL_SHALLOW_CLONE"), table
        assert table["storage_location"] == f"s3://demo-external/copies/{dest}/s/tables/out", table
        assert box.sql(f"SELECT count(*) FROM {dest}.s.out") == [["2"]]
    summary = clone(box, "outer3", "--external-location-template", "s3://demo-external/shop/out/{schema}/{name}",
                    "--include-tables-regex", "^out$", source="shop", code=5)
    assert status(summary, "shop.s.out")["status"] == "failed", summary
    box.sql("DROP TABLE shop.s.out")


def refilled(box):
    """Materialized views and streaming tables from their query, and by the size of tables."""
    flags = ("--materialized-views", "--streaming-tables", "--order-by-size", "desc", "--protected-tables", "ctas")
    summary = clone(box, "whole", *flags)
    for name, kind, count in (("analytics.orders_by_sku", "MATERIALIZED_VIEW", "3"),
                              ("raw-data.stream_of_events", "STREAMING_TABLE", "3")):
        assert status(summary, "demo." + name)["status"] == "succeeded", summary
        assert box.request("GET", UNITY + "tables/whole." + name)["table_type"] == kind
        table = ".".join(f"`{part}`" for part in name.split("."))
        assert box.sql(f"SELECT count(*) FROM whole.{table}") == box.sql(f"SELECT count(*) FROM demo.{table}")
    assert "demo." not in box.request("GET", UNITY + "tables/whole.analytics.orders_by_sku")["view_definition"]
    summary = clone(box, "whole", *flags)
    assert "the same" in status(summary, "demo.analytics.orders_by_sku")["reason"], summary


def refusals(box):
    for flags in (("--where", "a) OR (b"), ("--where", "a; DROP TABLE demo.sales.orders"), ("--where", "a --"),
                  ("--table-filter", "sales.none:a"), ("--table-filter", "sales.z_order_lines:a"),
                  ("--where", "a", "--clone-type", "SHALLOW"), ("--schema-only", "--where", "a"),
                  ("--as-of-timestamp", "soon"), ("--external-location-template", "s3://b/{schema}/../{name}"), ("--mask", "email"), ("--mask", "email=hassh"),
                  ("--mask", "email=hash", "--clone-type", "SHALLOW")):
        clone(box, "never", *flags, code=2)
    assert not [c for c in box.listing("catalogs") if c["name"] == "never"]


if __name__ == "__main__":
    sandbox = Sandbox(sys.argv[1])
    try:
        definitions(sandbox)
        conditions(sandbox)
        versions(sandbox)
        masks(sandbox)
        validation(sandbox)
        incremental(sandbox)
        killed(sandbox)
        external(sandbox)
        refilled(sandbox)
        refusals(sandbox)
    finally:
        sandbox.close()
    print("ok")
