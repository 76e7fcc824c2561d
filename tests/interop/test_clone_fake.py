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


def disturbed(clxs):
    for seed in range(3):
        workspace = Workspace(seed=seed, **{"429": 0.05, "503": 0.05, "reset": 0.05, "reset_after": 0.05})
        fill(workspace)
        code, summary, errors = clone(clxs, workspace, "--max-workers", "8")
        assert code == 0, (seed, code, errors, [o for o in (summary or {}).get("objects", []) if o["status"] != "succeeded"])
        assert workspace.faults > 5, "no faults were injected"
        check_copy(workspace, summary)
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
    for test in (undisturbed, disturbed, unlistable, limited):
        test(sys.argv[1])
        print("ok", test.__name__)
