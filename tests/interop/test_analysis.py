# SPDX-License-Identifier: Apache-2.0
"""The analysis commands on one catalog and its copy: they agree with each other before and after changes, a snapshot stands for
the catalog that it was taken of, schema-drift mends what it finds, and listings need no warehouse.

    test_analysis.py CLXS
"""
import sys
import tempfile

from place import Place

# What happens to the source, and how schema-drift calls it: table, column, change, class.
CHANGES = [
    ("ALTER TABLE demo.sales.orders ADD COLUMNS (vip BOOLEAN COMMENT 'it\\'s new' AFTER sku)", "sales.orders", "vip", "added: boolean", "compatible"),
    ("ALTER TABLE demo.sales.orders ADD COLUMNS (extra STRUCT<a: INT, b: STRING>)", "sales.orders", "extra",
     "added: struct<a:int,b:string>", "compatible"),
    ("ALTER TABLE demo.`raw-data`.readings SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true')", None, None, None, None),
    ("ALTER TABLE demo.`raw-data`.readings ALTER COLUMN small TYPE INT", "raw-data.readings", "small", "type: smallint -> int", "compatible"),
    ("ALTER TABLE demo.sales.customers ALTER COLUMN name SET NOT NULL", "sales.customers", "name", "nullable: NULL -> NOT NULL", "breaking"),
    ("ALTER TABLE demo.sales.customers ALTER COLUMN email COMMENT 'new'", "sales.customers", "email", "comment: none -> new", "neutral"),
    ("ALTER TABLE demo.sales.customers ALTER COLUMN country FIRST", "sales.customers", "country", "position: 3 -> 1", "compatible"),
]
SIDES = ("--source", "demo", "--dest", "copy")
# What is no table of its own cannot be cloned, and is no matter of columns.
TABLES = ("--exclude-tables-regex", "^(price_list|stream_of_events|orders_by_sku)$")


def drift(place, *words, expect):
    found = place.run("schema-drift", *SIDES, *TABLES, *words, "-o", "csv", expect=expect).splitlines()[1:]
    return sorted(line.strip() for line in found)


def agreement(place, same):
    """Whether source and copy differ in their columns is the same for every command."""
    code = 0 if same else 1
    place.run("diff", *SIDES, *TABLES, "--only", "tables", "--ignore", "permissions,tags,constraints,properties,ownership,security,table_type,location", expect=code)
    place.run("schema-drift", *SIDES, *TABLES, expect=code)
    place.run("monitor", *SIDES, *TABLES, "--once", "--ignore", "properties,owner,row_filter,mask,table_type,location", expect=code)


def without_statements(place):
    """What listings tell needs no statement."""
    log = str(place.home / "statements.log")
    for words in (("stats", "-s", "demo"), ("search", "customer", "-s", "demo", "--no-tags"), ("schema-drift", *SIDES, *TABLES),
                  ("snapshot", "-s", "demo", "--no-tags", "--no-constraints", "--no-permissions", "--output", log + ".json")):
        place.run("--sql-log", log, *words)
    with open(log, "a+", encoding="utf-8") as file:
        file.seek(0)
        assert not file.read(), "a statement was sent for what listings tell"


def main():
    with tempfile.TemporaryDirectory() as home:
        place = Place(sys.argv[1], home)
        try:
            place.sql("DROP VOLUME demo.sales.archive")  # an external one has no place of its own
            place.run("clone", "-s", "demo", "-d", "copy", "--protected-tables", "ctas", "-q")
            agreement(place, True)
            without_statements(place)
            before, after = str(place.home / "before.json"), str(place.home / "after.json")
            place.run("snapshot", "-s", "demo", "--output", before, "-q")
            place.run("diff", "--source", "file:" + before, "--dest", "demo")
            for text, *_ in CHANGES:
                place.sql(text)
            expected = sorted(f"{c},{t},{n},{w}" for _, t, n, w, c in CHANGES if t)
            found = drift(place, expect=1)
            assert [line.replace('"', "") for line in found] == expected, (found, expected)
            agreement(place, False)
            place.run("snapshot", "-s", "demo", "--output", after, "-q")
            place.run("snapshot", "diff", before, after, expect=1)
            assert place.run("schema-drift", "--source", "file:" + after, "--dest", "file:" + before, "-o", "csv", expect=1).count("\n") == len(expected) + 1
            place.run("schema-drift", *SIDES, *TABLES, "--apply", "--dry-run")
            assert drift(place, expect=1) == found, "a dry run changed something"
            place.run("schema-drift", *SIDES, *TABLES, "--apply", "--yes")
            agreement(place, True)
            time = place.run("schema-drift", "--source", "demo", "--table", "sales.orders", "--since-version", "0", "-o", "json", expect=1)
            assert [c["column"] for c in time["tables"][0]["added_in_source"]] == ["vip", "extra"], time
            profiles = place.run("profile", "-s", "demo", "--table", "sales.customers", "--exact", "-o", "json")["profiles"][0]
            rows = int(place.sql("SELECT count(*) FROM demo.sales.customers")[0][0])
            email = next(c for c in profiles["columns"] if c["column_name"] == "email")
            assert profiles["row_count"] == rows and email["null_count"] == 1 and email["distinct_count"] == rows - 1, email
        finally:
            place.close()


if __name__ == "__main__":
    main()
