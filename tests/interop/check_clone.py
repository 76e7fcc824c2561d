#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ask a workspace whether one catalog is a copy of another: the same tables with the same rows, views and functions that
give the same answers, volumes with the same kind. It speaks the public REST API with nothing but the standard library
and knows nothing of clxs, so it can judge what clxs did.

    check_clone.py --source A --dest B [--summary FILE]

The address and token come from DATABRICKS_HOST, DATABRICKS_TOKEN and DATABRICKS_WAREHOUSE_ID. With --summary (what
`clxs clone -o json` printed), objects that the clone says it skipped may be missing; nothing else may.
"""
import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

HOST = os.environ["DATABRICKS_HOST"].rstrip("/")
TOKEN = os.environ["DATABRICKS_TOKEN"]
WAREHOUSE = os.environ["DATABRICKS_WAREHOUSE_ID"]
# A value to call a function with, by the parameter's type name.
SAMPLES = {"STRING": "'Ada Lovelace'", "BOOLEAN": "true", "DATE": "DATE'2024-02-29'", "DOUBLE": "2.5D",
           "FLOAT": "CAST(2.5 AS FLOAT)", "DECIMAL": "2.50", "TIMESTAMP": "TIMESTAMP'2024-02-29 12:00:00'",
           "ARRAY": "array('a', 'b')", "LONG": "7L"}


def request(method, path, body=None, **query):
    url = HOST + path + ("?" + urllib.parse.urlencode(query) if query else "")
    data = json.dumps(body).encode() if body is not None else None
    ask = urllib.request.Request(url, data, {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"},
                                 method=method)
    try:
        with urllib.request.urlopen(ask) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        sys.exit(f"check_clone: {method} {path}: {error.code} {error.read().decode(errors='replace')}")


def listing(kind, catalog, schema):
    found, token = [], None
    while True:
        query = {"catalog_name": catalog, "max_results": 0, **({"schema_name": schema} if schema else {}),
                 **({"page_token": token} if token else {})}
        page = request("GET", "/api/2.1/unity-catalog/" + kind, **query)
        found += page.get(kind, [])
        token = page.get("next_page_token")
        if not token:
            return [item for item in found if item["name"] != "information_schema"]


def sql(text):
    """The rows of a statement, or its error class in a tuple of its own."""
    answer = request("POST", "/api/2.0/sql/statements",
                     {"statement": text, "warehouse_id": WAREHOUSE, "wait_timeout": "50s"})
    while answer["status"]["state"] in ("PENDING", "RUNNING"):
        answer = request("GET", "/api/2.0/sql/statements/" + answer["statement_id"])
    if answer["status"]["state"] != "SUCCEEDED":
        return ("error", answer["status"].get("error", {}).get("message", answer["status"]["state"]))
    rows, result = [], answer.get("result", {})
    while True:
        rows += result.get("data_array", [])
        if result.get("next_chunk_internal_link") is None:
            return rows
        result = request("GET", result["next_chunk_internal_link"])


def quoted(*parts):
    return ".".join("`" + part.replace("`", "``") + "`" for part in parts)


def same_rows(what, source, dest, problems):
    left, right = sql(source), sql(dest)
    if isinstance(left, tuple):
        # What the original cannot answer, its copy need not; but they must fail alike.
        if not isinstance(right, tuple):
            problems.append(f"{what}: the original fails ({left[1]}), the copy answers")
        return
    if isinstance(right, tuple):
        problems.append(f"{what}: {right[1]}")
    elif sorted(map(repr, left)) != sorted(map(repr, right)):
        problems.append(f"{what}: {len(left)} rows and {len(right)} rows, or other values")


def call_of(function, catalog, schema):
    parameters = function.get("input_params", {}).get("parameters", [])
    args = ", ".join(SAMPLES.get(p["type_name"], "7") for p in parameters)
    call = f"{quoted(catalog, schema, function['name'])}({args})"
    return f"SELECT * FROM {call}" if function.get("data_type") == "TABLE_TYPE" else f"SELECT {call}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", required=True)
    parser.add_argument("--dest", required=True)
    parser.add_argument("--summary")
    options = parser.parse_args()
    a, b = options.source, options.dest
    skipped = set()
    if options.summary:
        with open(options.summary, encoding="utf-8") as file:
            skipped = {o["name"].split(".", 1)[1] for o in json.load(file)["objects"] if o["status"] == "skipped"}
    problems, checked = [], {"tables": 0, "views": 0, "functions": 0, "volumes": 0}
    for schema in (s["name"] for s in listing("schemas", a, None)):
        for kind in ("tables", "functions", "volumes"):
            there = {o["name"]: o for o in listing(kind, b, schema)}
            for item in listing(kind, a, schema):
                name = item["name"]
                if f"{schema}.{name}" in skipped:
                    continue
                if name not in there:
                    problems.append(f"{kind[:-1]} {schema}.{name} is missing")
                    continue
                what = f"{kind[:-1]} {schema}.{name}"
                if kind == "tables":
                    view = item["table_type"] in ("VIEW", "METRIC_VIEW")
                    checked["views" if view else "tables"] += 1
                    columns = "COUNT(*)" if item["table_type"] == "METRIC_VIEW" else "*"
                    same_rows(what, f"SELECT {columns} FROM {quoted(a, schema, name)}",
                              f"SELECT {columns} FROM {quoted(b, schema, name)}", problems)
                elif kind == "functions":
                    checked[kind] += 1
                    same_rows(what, call_of(item, a, schema), call_of(there[name], b, schema), problems)
                else:
                    checked[kind] += 1
                    if item["volume_type"] != there[name]["volume_type"]:
                        problems.append(f"{what}: {item['volume_type']} became {there[name]['volume_type']}")
    for problem in problems:
        print("differs:", problem)
    print("checked:", ", ".join(f"{count} {kind}" for kind, count in checked.items()), "-",
          "the copy answers as the original does" if not problems else f"{len(problems)} differences")
    return 1 if problems or not checked["tables"] else 0


if __name__ == "__main__":
    sys.exit(main())
