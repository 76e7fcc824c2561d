#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`clxs clone` of the sandbox's demo catalog, judged through the public REST API and SQL: comments, keys, tags, grants,
owners, filters, masks and properties of every object equal those of the original modulo the catalog's name. A second run
plans nothing but the copying of rows, and each switch leaves its kind out.

    test_clone_metadata.py CLXS
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

UNITY = "/api/2.1/unity-catalog/"
KINDS = ("comments", "constraints", "tags", "permissions", "ownership", "properties", "security")
# Databricks cannot clone these kinds, and the clone says so.
LEFT_OUT = {"MATERIALIZED_VIEW", "STREAMING_TABLE", "FOREIGN"}


class Sandbox:
    def __init__(self, clxs):
        self.clxs, self.directory = clxs, tempfile.TemporaryDirectory(prefix="clxs-meta-")
        home = self.directory.name
        self.env = {"PATH": os.environ["PATH"], "HOME": home, "XDG_STATE_HOME": home + "/state",
                    "XDG_CACHE_HOME": home + "/cache", "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config",
                    "DATABRICKS_TOKEN": "secret", "DATABRICKS_WAREHOUSE_ID": "sandbox",
                    **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
        self.server = subprocess.Popen([clxs, "sandbox", "serve", "--port", "0", "--token", "secret", "--seed", "demo"],
                                       stdout=subprocess.PIPE, text=True, env=self.env)
        self.url = next(word for word in self.server.stdout.readline().split() if word.startswith("http://"))
        self.env["DATABRICKS_HOST"] = self.url

    def close(self):
        self.server.send_signal(signal.SIGTERM)
        assert self.server.wait() == 0
        self.directory.cleanup()

    def request(self, method, path, body=None):
        ask = urllib.request.Request(self.url + path, json.dumps(body).encode() if body else None, method=method,
                                     headers={"Authorization": "Bearer secret", "Content-Type": "application/json"})
        with urllib.request.urlopen(ask) as answer:
            return json.loads(answer.read() or b"{}")

    def listing(self, kind, **query):
        found = self.request("GET", UNITY + kind + "?" + urllib.parse.urlencode(query)).get(kind, [])
        return [item for item in found if item["name"] != "information_schema"]

    def sql(self, statement):
        answer = self.request("POST", "/api/2.0/sql/statements",
                              {"statement": statement, "warehouse_id": "sandbox", "wait_timeout": "50s"})
        assert answer["status"]["state"] == "SUCCEEDED", answer
        return answer["result"].get("data_array", [])

    def grants(self, kind, name):
        path = UNITY + f"permissions/{kind}/{urllib.parse.quote(name, safe='')}"
        return sorted((a["principal"], tuple(sorted(a["privileges"])))
                      for a in self.request("GET", path).get("privilege_assignments", []))

    def clone(self, dest, *more):
        """Clone demo with every kind of metadata that MORE does not leave out."""
        done = subprocess.run([self.clxs, "clone", "--source", "demo", "--dest", dest, "-o", "json", *more], env=self.env,
                              capture_output=True, text=True, check=False)
        assert done.returncode in (0, 5), (done.returncode, done.stderr)
        return done.returncode, json.loads(done.stdout)


def table_facts(box, item):
    whole = box.request("GET", UNITY + "tables/" + urllib.parse.quote(item["full_name"], safe=""))
    keys = sorted(json.dumps(key, sort_keys=True) for key in whole.get("table_constraints", []))
    columns = [(c["name"], c["type_text"], c.get("comment"), c.get("nullable", True), json.dumps(c.get("mask")))
               for c in whole["columns"]]
    properties = {k: v for k, v in whole.get("properties", {}).items() if not k.startswith(("delta.feature", "delta.min"))}
    return (whole.get("comment"), whole["owner"], keys, columns, properties, json.dumps(whole.get("row_filter")),
            box.grants("table", item["full_name"]))


def facts(box, catalog):
    """What hangs on each object, by kind and name without the catalog, with the catalog's name as it is in the source."""
    found, whole = {}, box.request("GET", UNITY + "catalogs/" + catalog)
    found["catalog", ""] = whole.get("comment"), whole["owner"], box.grants("catalog", catalog)
    for schema in box.listing("schemas", catalog_name=catalog):
        name = schema["name"]
        found["schema", name] = (schema.get("comment"), schema["owner"], schema.get("properties"),
                                 box.grants("schema", f"{catalog}.{name}"))
        for table in box.listing("tables", catalog_name=catalog, schema_name=name):
            if table["table_type"] not in LEFT_OUT:
                found["table", name, table["name"]] = table_facts(box, table)
        for kind in ("functions", "volumes"):
            for item in box.listing(kind, catalog_name=catalog, schema_name=name):
                if item.get("volume_type") != "EXTERNAL":
                    found[kind, name, item["name"]] = (item.get("comment"), item["owner"],
                                                       box.grants(kind[:-1], item["full_name"]))
    for kind in ("catalog", "schema", "table", "column", "volume"):
        found[kind, "tags"] = sorted(json.dumps(row[1:]) for row in
                                     box.sql(f"SELECT * FROM `{catalog}`.information_schema.{kind}_tags"))
    return json.loads(json.dumps({repr(k): v for k, v in found.items()}).replace(f"{catalog}.", "demo."))


def faithful(box):
    code, summary = box.clone("zz_copy", "--protected-tables", "ctas")
    assert code == 0, summary
    source, copy = facts(box, "demo"), facts(box, "zz_copy")
    assert source.keys() == copy.keys(), source.keys() ^ copy.keys()
    for name, fact in source.items():
        assert fact == copy[name], f"{name}:\n  {fact}\n  {copy[name]}"
    assert any("row_filter" in json.dumps(f) or "is_visible" in json.dumps(f) for f in copy.values())
    rows = [box.sql(f"SELECT count(*), max(email) FROM `{catalog}`.hr.employees") for catalog in ("demo", "zz_copy")]
    assert rows[0] == rows[1], rows


def second_run(box):
    before = facts(box, "zz_copy")
    code, summary = box.clone("zz_copy", "--protected-tables", "skip", "--dry-run")
    writes = [s for s in summary["plan"]["steps"] if s["via"] in ("sql", "rest")]
    assert code == 0 and writes, summary
    assert {s["action"] for s in writes} == {"clone table"}, [s for s in writes if s["action"] != "clone table"]
    assert box.clone("zz_copy", "--protected-tables", "ctas")[0] == 0
    assert facts(box, "zz_copy") == before, "the second run changed something"


def switches(box):
    code, summary = box.clone("bare", "--protected-tables", "skip", *("--no-" + kind for kind in KINDS))
    assert code == 0, summary
    bare = facts(box, "bare")
    assert bare["('catalog', '')"][0] is None and bare["('catalog', '')"][2] == [], bare["('catalog', '')"]
    assert bare["('table', 'sales', 'orders')"][0] is None and bare["('table', 'sales', 'orders')"][2] == []
    assert not any(bare[repr((kind, "tags"))] for kind in ("catalog", "schema", "table", "column", "volume"))
    code, summary = box.clone("strict", "--protected-tables", "fail")
    reasons = [o for o in summary["objects"] if o["status"] == "failed"]
    assert code == 5 and [o["name"] for o in reasons] == ["demo.hr.employees"], reasons


if __name__ == "__main__":
    sandbox = Sandbox(sys.argv[1])
    try:
        for test in (faithful, second_run, switches):
            test(sandbox)
            print("ok", test.__name__)
    finally:
        sandbox.close()
