#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`clxs clone` against the second workspace: without faults, with 5 % of each kind of fault, and with a source that cannot
be listed. Nothing may be lost, nothing done twice that a person could see, and no error may look like an empty list.

    test_clone_fake.py CLXS
"""
import json
import os
import subprocess
import sys
import tempfile

from fake_workspace import Workspace


def fill(workspace, tables=40):
    state = workspace.state
    state.add_catalog("src")
    for schema in ("sales", "größe", "a`b"):
        state.add_schema("src", schema)
    for number in range(tables):
        state.add_table("src", ("sales", "größe", "a`b")[number % 3], f"t{number}")
    state.add_table("src", "sales", "z_base_view", table_type="VIEW", view_definition="SELECT * FROM src.sales.t0")
    state.add_table("src", "sales", "a_top_view", table_type="VIEW",
                    view_definition="SELECT 'src.sales.t0' AS x FROM src.sales.z_base_view")
    state.add_table("src", "sales", "stream", table_type="STREAMING_TABLE")
    state.add_table("src", "sales", "odd", table_type="SOMETHING_NEW")
    state.volumes["src.sales.files"] = {"name": "files", "catalog_name": "src", "schema_name": "sales",
                                        "full_name": "src.sales.files", "volume_type": "MANAGED"}
    state.functions["src.sales.twice"] = {
        "name": "twice", "catalog_name": "src", "schema_name": "sales", "full_name": "src.sales.twice",
        "data_type": "LONG", "full_data_type": "BIGINT", "routine_body": "SQL", "routine_definition": "x * 2",
        "is_deterministic": True, "sql_data_access": "CONTAINS_SQL", "parameter_style": "S",
        "input_params": {"parameters": [{"name": "x", "type_text": "bigint", "type_name": "LONG", "position": "0"}]}}


def decorate(workspace, tables=40):
    """Everything that can hang on an object, on each of them."""
    state = workspace.state
    metadata = state.metadata
    state.catalogs["src"].update(comment="A \\catalog", properties={"cost": "7"}, owner="readers")
    metadata.tags["catalogs", "src", None] = {"env": "p"}
    for schema in ("sales", "größe", "a`b"):
        state.schemas[f"src.{schema}"].update(comment="it's", properties={"layer": "gold"}, owner="ann@example.com")
        metadata.grants["schemas", f"src.{schema}"] = {"readers": {"USE_SCHEMA", "SELECT"}}
    for number in range(tables):
        full = f"src.{('sales', 'größe', 'a`b')[number % 3]}.t{number}"
        state.tables[full].update(comment=f"Table {number}", owner="ann@example.com")
        metadata.tags["tables", full, None] = {"a": "1", "b": ""}
        metadata.tags["tables", full, "Id"] = {"pii": "no"}
        metadata.grants["tables", full] = {"ann@example.com": {"SELECT", "MODIFY"}, "readers": {"SELECT"},
                                           "7c1f3a52-0d2c-4b8e-9d55-6f1a1f2b3c4d": {"ALL_PRIVILEGES", "MANAGE"}}
        state.tables[full]["table_constraints"] = [
            {"primary_key_constraint": {"name": f"pk{number}", "child_columns": ["Id"]}}]
        if number >= 3:
            parent = f"src.{('sales', 'größe', 'a`b')[(number - 3) % 3]}.t{number - 3}"
            state.tables[full]["table_constraints"].append({"foreign_key_constraint": {
                "name": f"fk{number}", "child_columns": ["Id"], "parent_table": parent, "parent_columns": ["Id"]}})
    metadata.grants["functions", "src.sales.twice"] = {"readers": {"EXECUTE"}}
    metadata.grants["volumes", "src.sales.files"] = {"readers": {"READ_VOLUME"}}
    state.volumes["src.sales.files"].update(owner="readers", comment="Files")
    state.functions["src.sales.twice"]["owner"] = "readers"


def check_metadata(workspace):
    """What hangs on the copies is what hangs on the originals."""
    state, metadata = workspace.state, workspace.state.metadata

    def facts(catalog):
        found = {}
        for shelf in ("catalogs", "schemas", "tables", "volumes", "functions"):
            for full, item in getattr(state, shelf).items():
                if full.split(".")[0] != catalog or full.endswith(("information_schema", ".default")) or \
                        item.get("table_type") in ("STREAMING_TABLE", "SOMETHING_NEW"):
                    continue
                grants = {who: sorted(what) for who, what in metadata.grants.get((shelf, full), {}).items() if what}
                columns = ([None] + [c["name"] for c in item.get("columns", [])])
                keys = sorted(json.dumps(key, sort_keys=True) for key in item.get("table_constraints", []))
                found[shelf, full[len(catalog):]] = [item.get("comment"), item.get("owner"), item.get("properties", {}), grants,
                                                     [metadata.tags.get((shelf, full, c)) for c in columns], keys]
        return json.loads(json.dumps({repr(k): v for k, v in found.items()}).replace(f'\\"{catalog}.', '\\"src.'))

    source, copy = facts("src"), facts("dst")
    assert source.keys() == copy.keys(), source.keys() ^ copy.keys()
    for name, fact in source.items():
        fact[1] = fact[1] or copy[name][1]
        assert fact == copy[name], f"{name}:\n  {fact}\n  {copy[name]}"


def clone(clxs, workspace, *more):
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": "/usr/bin:/bin", "HOME": home, "XDG_STATE_HOME": home + "/state", "XDG_CACHE_HOME": home + "/cache",
               "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config", "DATABRICKS_HOST": workspace.url,
               "DATABRICKS_TOKEN": workspace.token, "DATABRICKS_WAREHOUSE_ID": "w1",
               **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
        done = subprocess.run([clxs, "clone", "--source", "src", "--dest", "dst", "-o", "json", *more], env=env,
                              capture_output=True, check=False)
        text = done.stdout.decode() + done.stderr.decode()
        for folder, _, files in os.walk(home):
            for name in files:
                with open(os.path.join(folder, name), "rb") as file:
                    text += file.read().decode(errors="replace")
        assert workspace.token not in text, "the token appears in output or files"
    if done.returncode not in (0, 5) or not done.stdout:
        return done.returncode, None, done.stderr.decode()
    return done.returncode, json.loads(done.stdout), done.stderr.decode()


def check_copy(workspace, summary, attempts=None):
    state = workspace.state
    for full, table in state.tables.items():
        if not full.startswith("src.") or table["table_type"] not in ("MANAGED", "VIEW"):
            continue
        copy = state.tables.get("dst." + full[4:])
        assert copy, f"{full} was not copied"
        if table["table_type"] == "MANAGED":
            assert copy["cloned_from"] == full, copy
            if attempts:
                assert state.commits[copy["full_name"]] <= attempts, f"{full} was cloned too often"
    assert state.tables["dst.sales.a_top_view"]["view_definition"].find("'src.sales.t0'") > 0
    assert "dst.sales.files" in state.volumes and "dst.sales.twice" in state.functions
    by_status = {}
    for item in summary["objects"]:
        by_status.setdefault(item["status"], []).append(item["name"])
    assert len(by_status.get("skipped", [])) == 2, by_status.get("skipped")
    assert not by_status.get("failed") and not by_status.get("blocked"), summary["objects"]


def undisturbed(clxs):
    workspace = Workspace()
    fill(workspace)
    code, summary, errors = clone(clxs, workspace)
    assert code == 0, (code, errors)
    check_copy(workspace, summary, attempts=1)
    assert summary["requests"]["retries"] == 0
    assert summary["requests"]["sql"] <= 40 + 4 + 20, summary["requests"]
    writes = len(workspace.log)
    assert writes == len(set(workspace.log)), "a statement was sent twice"
    workspace.close()


def decorated(clxs):
    """6 requests are enough for a table with 3 grants, 2 tags, a comment and an owner; keys cost one each and a look."""
    workspace = Workspace()
    fill(workspace)
    plain = clone(clxs, workspace)[1]["requests"]
    workspace.close()
    workspace = Workspace()
    fill(workspace)
    decorate(workspace)
    code, summary, errors = clone(clxs, workspace)
    assert code == 0, (code, errors)
    check_copy(workspace, summary, attempts=1)
    check_metadata(workspace)
    writes = workspace.state.metadata.writes
    assert len(writes) == len(set(writes)), "a write was sent twice"
    more = sum(summary["requests"].values()) - sum(plain.values())
    # Per table: comment, tags, tags of a column, grants, owner, a look at its keys and 2 keys. 4 schemas and the rest less.
    assert more <= 40 * 8 + 30, more
    written = len(writes)
    code, summary, errors = clone(clxs, workspace)
    assert code == 0, (code, errors)
    assert len(writes) == written, ("the second run wrote again", writes[written:])
    workspace.close()


def strangers(clxs):
    """Who does not exist is left out and named; the rest is granted."""
    workspace = Workspace()
    fill(workspace)
    decorate(workspace)
    workspace.state.metadata.people.discard("readers")
    code, summary, errors = clone(clxs, workspace)
    assert code == 0, (code, errors)
    assert "readers" in errors and "not granted to readers" in json.dumps(summary), errors
    assert workspace.state.metadata.grants["tables", "dst.sales.t0"].keys() == {
        "ann@example.com", "7c1f3a52-0d2c-4b8e-9d55-6f1a1f2b3c4d"}
    workspace.close()


def disturbed(clxs):
    for seed in range(3):
        workspace = Workspace(seed=seed, **{"429": 0.05, "503": 0.05, "reset": 0.05, "reset_after": 0.05})
        fill(workspace, 20)
        decorate(workspace, 20)
        code, summary, errors = clone(clxs, workspace, "--max-workers", "8")
        assert code == 0, (seed, code, errors, [o for o in (summary or {}).get("objects", []) if o["status"] != "succeeded"])
        assert workspace.faults > 5, "no faults were injected"
        check_copy(workspace, summary)
        check_metadata(workspace)
        workspace.close()


def unlistable(clxs):
    workspace = Workspace()
    fill(workspace)
    listing = workspace.unity

    def refuse(method, tail, query):
        if tail[0] == "tables" and query.get("schema_name", "").lower() == "größe" and query.get("catalog_name") == "src":
            return 403, {"error_code": "PERMISSION_DENIED", "message": "User does not have USE SCHEMA on Schema 'src.größe'."}
        return listing(method, tail, query)

    workspace.unity = refuse
    code, _, errors = clone(clxs, workspace)
    assert code == 4, (code, errors)
    assert "größe" in errors, errors
    assert "dst" not in workspace.state.catalogs, "something was created although the source could not be read"
    workspace.close()


def limited(clxs):
    """Every statement here is pending until it is asked for, so limits show in how many are under way at one time."""
    peaks = {}
    for name, flags in {"free": [], "queries": ["--max-parallel-queries", "3"], "tables": ["--parallel-tables", "2"],
                        "low": ["--throttle", "low", "--max-rps", "0"]}.items():
        workspace = Workspace()
        fill(workspace, tables=12)
        width = [] if name == "low" else ["--max-workers", "16"]
        code, summary, errors = clone(clxs, workspace, *flags, *width)
        assert code == 0, (code, errors)
        check_copy(workspace, summary, attempts=1)
        peaks[name] = workspace.peak, workspace.copies_peak
        workspace.close()
    assert peaks["free"][1] > 3, peaks
    assert peaks["queries"][0] == 3, peaks
    assert peaks["tables"][1] == 2, peaks
    assert peaks["low"] == (1, 1), peaks


if __name__ == "__main__":
    for test in (undisturbed, decorated, strangers, disturbed, unlistable, limited):
        test(sys.argv[1])
        print("ok", test.__name__)
