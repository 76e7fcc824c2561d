#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`clxs clone` of the sandbox's demo catalog, judged through the public REST API and SQL and never through our own client:
everything that the service tells of every object, its rows, grants, tags and files, and every relation of the information
schema must equal the original's, modulo the catalog's name and what only time and storage decide. A second run writes
nothing but the copies of rows, and each switch leaves its kind out.

    test_clone_metadata.py CLXS
"""
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

UNITY = "/api/2.1/unity-catalog/"
KINDS = ("comments", "constraints", "tags", "permissions", "ownership", "properties", "security")
# Databricks cannot clone these kinds, and the clone says so.
LEFT_OUT = {"MATERIALIZED_VIEW", "STREAMING_TABLE", "FOREIGN"}
COPY = "zz_copy"
# What time, storage and identity decide.
VOLATILE = {"id", "created_at", "updated_at", "created_by", "updated_by", "created", "last_altered", "last_altered_by", "metastore_id",
            "catalog_id", "schema_id", "table_id", "function_id", "volume_id", "principal_id", "storage_location",
            "storage_root", "storage_path", "update_time", "grantor", "securable_type", "delta_runtime_properties_kvpairs",
            # A name that another session would resolve as this one: the copy's is always said in full.
            "sql_path"}
RELATIONS = {
    "schemata": "schema_name", "tables": "table_name", "columns": "table_name", "views": "table_name",
    "routines": "routine_name", "parameters": "specific_name", "routine_columns": "specific_name", "volumes": "volume_name",
    "catalog_privileges": None, "schema_privileges": "schema_name", "table_privileges": "table_name",
    "routine_privileges": "routine_name", "volume_privileges": "volume_name", "catalog_tags": None, "schema_tags": None,
    "table_tags": "table_name", "column_tags": "table_name", "volume_tags": "volume_name", "table_constraints": "table_name",
    "key_column_usage": "table_name", "referential_constraints": None, "constraint_table_usage": "table_name",
    "constraint_column_usage": "table_name", "row_filters": "table_name", "column_masks": "table_name"}


# What the demo catalog has none of.
MORE = (
    "CREATE SCHEMA demo.`extra-größe` COMMENT 'it''s \\\\ hard'",
    "CREATE FUNCTION demo.`extra-größe`.`is``near`(country STRING, home STRING) RETURNS BOOLEAN RETURN country <> home",
    "CREATE TABLE demo.`extra-größe`.`filtered``` (id INT NOT NULL, `a.b` STRING COMMENT 'dot', country STRING DEFAULT 'it''s', "
    "twice INT GENERATED ALWAYS AS (id * 2), at TIMESTAMP NOT NULL) PARTITIONED BY (country) "
    "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported', 'a.b' = 'c')",
    "INSERT INTO demo.`extra-größe`.`filtered``` (id, `a.b`, country, at) VALUES (1, 'x', 'DE', TIMESTAMP '2024-01-01 00:00:00')",
    "ALTER TABLE demo.`extra-größe`.`filtered``` ADD CONSTRAINT `odd name` CHECK (id > 0)",
    "ALTER TABLE demo.`extra-größe`.`filtered``` ADD CONSTRAINT `p k` PRIMARY KEY (id, at TIMESERIES) RELY",
    "ALTER TABLE demo.`extra-größe`.`filtered``` ADD CONSTRAINT `u k` UNIQUE (`a.b`, country)",
    "ALTER TABLE demo.`extra-größe`.`filtered``` SET ROW FILTER demo.`extra-größe`.`is``near` ON (country, 'it''s')",
    "ALTER TABLE demo.`extra-größe`.`filtered``` ALTER COLUMN `a.b` SET TAGS ('k' = '\\\\''')",
    "CREATE TABLE demo.`extra-größe`.child (x INT, y TIMESTAMP, sku STRING)",
    "ALTER TABLE demo.`extra-größe`.child ADD CONSTRAINT `a ``fk` FOREIGN KEY (sku) REFERENCES demo.sales.products (sku) RELY",
    "ALTER TABLE demo.`extra-größe`.child ADD CONSTRAINT fk FOREIGN KEY (x, y) REFERENCES demo.`extra-größe`.`filtered``` (id, at)",
    "CREATE VIEW demo.`extra-größe`.v (`a.b` COMMENT 'a \\\\ ''b''') COMMENT 'v' TBLPROPERTIES ('k''' = '\\\\') AS SELECT x FROM "
    "demo.`extra-größe`.child",
    "ALTER TABLE demo.`extra-größe`.v ALTER COLUMN `a.b` SET TAGS ('view' = 'column')",
    "CREATE VOLUME demo.`extra-größe`.`v-1` COMMENT 'it''s'",
    "ALTER SCHEMA demo.`extra-größe` OWNER TO `analysts`",
)


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

    def select(self, statement):
        """The names of the columns, and the rows."""
        answer = self.request("POST", "/api/2.0/sql/statements",
                              {"statement": statement, "warehouse_id": "sandbox", "wait_timeout": "50s"})
        assert answer["status"]["state"] == "SUCCEEDED", (statement, answer)
        columns = [c["name"] for c in answer["manifest"]["schema"].get("columns", [])]
        return columns, answer["result"].get("data_array", [])

    def sql(self, statement):
        return self.select(statement)[1]

    def grants(self, kind, name):
        path = UNITY + f"permissions/{kind}/{urllib.parse.quote(name, safe='')}"
        return sorted((a["principal"], tuple(sorted(a["privileges"])))
                      for a in self.request("GET", path).get("privilege_assignments", []))

    def tags(self, kind, name):
        path = UNITY + f"entity-tag-assignments/{kind}/{urllib.parse.quote(name, safe='')}/tags"
        return sorted((a["tag_key"], a.get("tag_value", "")) for a in self.request("GET", path).get("tag_assignments", []))

    def files(self, path):
        """Every file below PATH by its path there, with its bytes; folders end with a slash."""
        found = {}
        address = urllib.parse.quote(path)
        for entry in self.request("GET", "/api/2.0/fs/directories" + address).get("contents", []):
            if entry["is_directory"]:
                found[entry["name"] + "/"] = ""
                found.update({f"{entry['name']}/{k}": v for k, v in self.files(f"{path}/{entry['name']}").items()})
                continue
            ask = urllib.request.Request(f"{self.url}/api/2.0/fs/files{address}/{urllib.parse.quote(entry['name'])}",
                                         headers={"Authorization": "Bearer secret"})
            with urllib.request.urlopen(ask) as answer:
                found[entry["name"]] = answer.read().hex()
        return found

    def clone(self, dest, *more):
        """Clone demo with every kind of metadata that MORE does not leave out."""
        done = subprocess.run([self.clxs, "clone", "--source", "demo", "--dest", dest, "-o", "json", *more], env=self.env,
                              capture_output=True, text=True, check=False)
        assert done.returncode in (0, 5), (done.returncode, done.stderr)
        return done.returncode, json.loads(done.stdout)


class Recorder:
    """Stands between client and sandbox, and notes what would change something."""

    def __init__(self, url):
        self.writes = writes = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.command == "POST" and self.path == "/api/2.0/sql/statements":
                    statement = json.loads(body)["statement"]
                    if statement.split()[0] not in ("SELECT", "DESCRIBE", "SHOW"):
                        writes.append(statement)
                elif self.command not in ("GET", "HEAD"):
                    writes.append(f"{self.command} {self.path}")
                kept = {k: v for k, v in self.headers.items() if k.lower() in ("authorization", "content-type")}
                ask = urllib.request.Request(url + self.path, body or None, kept, method=self.command)
                try:
                    with urllib.request.urlopen(ask) as answer:
                        self.answer(answer.status, answer.headers, answer.read())
                except urllib.error.HTTPError as error:
                    self.answer(error.code, error.headers, error.read())

            def answer(self, status, headers, data):
                self.send_response(status)
                self.send_header("Content-Type", headers.get("Content-Type", "application/json"))
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = forward

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def quoted(*parts):
    return ".".join("`" + part.replace("`", "``") + "`" for part in parts)


def scrub(value):
    """VALUE without what is VOLATILE."""
    if isinstance(value, dict):
        return {k: scrub(v) for k, v in value.items() if k not in VOLATILE}
    return [scrub(v) for v in value] if isinstance(value, list) else value


def object_facts(box, kind, item):
    """What the service says of one object, its grants and tags."""
    full = item["full_name"]
    whole = scrub(box.request("GET", f"{UNITY}{kind}/{urllib.parse.quote(full, safe='')}"))
    if whole.get("table_type") == "EXTERNAL":
        whole["table_type"] = "MANAGED"  # the copy is, and says so
    for key in [k for k in whole.get("properties", {}) if kind == "tables" and k.startswith("delta.last")]:
        del whole["properties"][key]
    if isinstance(whole.get("table_constraints"), list):
        whole["table_constraints"].sort(key=json.dumps)
    return whole, box.grants(kind[:-1], full), box.tags(kind, full)


def relation_facts(box, catalog, relation, name_column, left_out):
    """The rows of one relation of the information schema, those of objects that cannot be cloned left out."""
    columns, rows = box.select(f"SELECT * FROM {quoted(catalog)}.information_schema.{relation}")
    found = []
    for row in rows:
        fact = {k.lower(): v for k, v in zip(columns, row)}
        schema = next((v for k, v in fact.items() if k.endswith("_schema") or k == "schema_name"), None)
        if schema == "information_schema" or (schema, fact.get(name_column)) in left_out:
            continue
        if fact.get("table_type") == "EXTERNAL":
            fact["table_type"] = "MANAGED"
        found.append(json.loads(re.sub(rf"\b{catalog}\b", "demo", json.dumps(scrub(fact)))))
    return sorted(found, key=lambda fact: json.dumps(fact, sort_keys=True))


def facts(box, catalog):
    """Everything about CATALOG by kind and name, with its name as it is in the source."""
    found, left_out = {}, set()
    found["catalog"] = scrub(box.request("GET", UNITY + "catalogs/" + catalog)), box.grants("catalog", catalog)
    for schema in box.listing("schemas", catalog_name=catalog):
        name = schema["name"]
        found["schema", name] = object_facts(box, "schemas", schema)
        for kind in ("tables", "functions", "volumes"):
            for item in box.listing(kind, catalog_name=catalog, schema_name=name):
                if item.get("table_type") in LEFT_OUT or item.get("volume_type") == "EXTERNAL":
                    left_out.add((name, item["name"]))
                else:
                    found[kind, name, item["name"]] = object_facts(box, kind, item)
                if kind == "volumes" and item["volume_type"] == "MANAGED":
                    found["files", name, item["name"]] = box.files(f"/Volumes/{catalog}/{name}/{item['name']}")
    for relation, name_column in RELATIONS.items():
        found["information_schema", relation] = relation_facts(box, catalog, relation, name_column, left_out)
    text = json.dumps({repr(k): v for k, v in found.items()})
    return json.loads(re.sub(rf"\b{catalog}\b", "demo", text))


def rows_of(box, catalog):
    """The rows of every table and view. Nothing is replaced here: a text that names the source says so in both."""
    found = {}
    for schema in box.listing("schemas", catalog_name=catalog):
        for table in box.listing("tables", catalog_name=catalog, schema_name=schema["name"]):
            if table["table_type"] not in LEFT_OUT:
                name = quoted(catalog, schema["name"], table["name"])
                found[schema["name"], table["name"]] = sorted(map(repr, box.sql(f"SELECT * FROM {name}")))
    return found


def differences(source, copy, path=""):
    """Where the two differ, one line each."""
    if isinstance(source, dict) and isinstance(copy, dict):
        for name in sorted({*source, *copy}, key=str):
            yield from differences(source.get(name, "absent"), copy.get(name, "absent"), f"{path} {name}")
    elif isinstance(source, list) and isinstance(copy, list) and len(source) == len(copy):
        for i, pair in enumerate(zip(source, copy)):
            yield from differences(*pair, f"{path}[{i}]")
    elif isinstance(source, list) and isinstance(copy, list):
        yield f"{path}: only in the source {[x for x in source if x not in copy]}, only in the copy {[x for x in copy if x not in source]}"
    elif source != copy:
        yield f"{path}:\n  {source}\n  {copy}"


def faithful(box):
    for statement in MORE:
        box.sql(statement)
    code, summary = box.clone(COPY, "--protected-tables", "ctas", "--copy-files")
    assert code == 0, summary
    source, copy = facts(box, "demo"), facts(box, COPY)
    different = list(differences(source, copy))
    assert not different, "\n".join(different)
    assert not list(differences(rows_of(box, "demo"), rows_of(box, COPY)))
    # The catalog holds something of every kind, or the comparison would be worth little.
    text = json.dumps(source)
    for word in ("row_filter", "using_arguments", "timeseries", "rely", "UNIQUE", "FOREIGN KEY", "delta.constraints.",
                 "delta.generationExpression", "CURRENT_DEFAULT", "delta.identity.start", "MANAGE", "tag_name"):
        assert word in text, f"demo has no {word}"


def second_run(box):
    before = facts(box, COPY)
    for load, allowed in (("INCREMENTAL", r"(?!)"), ("FULL", r"CREATE OR REPLACE TABLE \S+ (DEEP )?CLONE .*")):
        with Recorder(box.url) as recorder:
            box.env["DATABRICKS_HOST"] = recorder.url
            code, summary = box.clone(COPY, "--protected-tables", "skip", "--copy-files", "--load-type", load)
            box.env["DATABRICKS_HOST"] = box.url
            assert code == 0, summary
            others = [text for text in recorder.writes if not re.fullmatch(allowed, text)]
            assert not others, (load, others)
            assert load == "INCREMENTAL" or recorder.writes, "nothing was recorded"
    assert box.clone(COPY, "--protected-tables", "ctas")[0] == 0
    different = list(differences(before, facts(box, COPY)))
    assert not different, "the second run changed something:\n" + "\n".join(different)


def switches(box):
    code, summary = box.clone("bare", "--protected-tables", "skip", *("--no-" + kind for kind in KINDS))
    assert code == 0, summary
    bare = facts(box, "bare")
    catalog, grants = bare["catalog" if "catalog" in bare else "'catalog'"]
    assert "comment" not in catalog and not catalog.get("properties") and grants == [], (catalog, grants)
    orders, grants, tags = bare["('tables', 'sales', 'orders')"]
    assert "comment" not in orders and "table_constraints" not in orders and grants == [] and tags == [], orders
    me = box.request("GET", "/api/2.0/preview/scim/v2/Me")["userName"]
    assert all(v[0]["owner"] == me for k, v in bare.items() if k.startswith("('tables'")), "an owner was copied"
    for relation in RELATIONS:
        if relation.endswith(("_tags", "_constraints", "row_filters", "column_masks")):
            rows = [r for r in bare[repr(("information_schema", relation))] if r.get("constraint_type") != "CHECK"]
            assert not rows, (relation, rows)
    code, summary = box.clone("strict")
    reasons = [o for o in summary["objects"] if o["status"] == "failed"]
    assert code == 5 and [o["name"] for o in reasons] == ["demo.extra-größe.filtered`", "demo.hr.employees"], reasons


if __name__ == "__main__":
    sandbox = Sandbox(sys.argv[1])
    try:
        for test in (faithful, second_run, switches):
            test(sandbox)
            print("ok", test.__name__)
    finally:
        sandbox.close()
