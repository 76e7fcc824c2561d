#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`clxs plan` of the sandbox's demo catalog: it changes nothing, its figures are those of the clone that follows, and its
script makes the same catalog as the clone.

    test_plan.py CLXS
"""
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from test_clone_metadata import Sandbox, facts  # noqa: E402

FLAGS = ("--protected-tables", "skip", "--no-preflight")


def run(box, *args, codes=(0,)):
    done = subprocess.run([box.clxs, *args], env=box.env, capture_output=True, text=True, check=False, cwd=box.directory.name)
    assert done.returncode in codes, (args, done.returncode, done.stderr)
    return done.stdout


def plan(box, dest, *more):
    return run(box, "plan", "--source", "demo", "--dest", dest, *FLAGS, *more)


def everything(box):
    """All that can be seen of the workspace, versions of tables too."""
    seen = {}
    for catalog in (c["name"] for c in box.listing("catalogs")):
        if catalog == "system":
            continue
        seen[catalog] = facts(box, catalog)
        for schema in box.listing("schemas", catalog_name=catalog):
            for table in box.listing("tables", catalog_name=catalog, schema_name=schema["name"]):
                if table["table_type"] in ("MANAGED", "EXTERNAL"):
                    name = ".".join(f"`{part.replace('`', '``')}`" for part in (catalog, schema["name"], table["name"]))
                    seen[name] = len(box.sql(f"DESCRIBE HISTORY {name}"))
    return seen


def changes_nothing(box):
    before = everything(box)
    state = pathlib.Path(box.env["XDG_STATE_HOME"])
    files = sorted(state.rglob("*"))
    for form in ("text", "json", "sql", "html", "console"):
        plan(box, "planned", "--format", form, "--read-only")
    assert everything(box) == before
    assert sorted(state.rglob("*")) == files, "a plan leaves no journal"


def figures_are_those_of_the_run(box):
    document = json.loads(plan(box, "counted", "-o", "json"))
    folder = pathlib.Path(box.directory.name)
    summary = json.loads(run(box, "clone", "--source", "demo", "--dest", "counted", *FLAGS, "-o", "json",
                             "--sql-log", str(folder / "log")))
    steps = document["plan"]["steps"]
    sent = [s for s in steps if s["via"] in ("sql", "rest")]
    assert document["writes"]["total"] == len(sent) > 60
    assert document["writes"]["sql"] == len([s for s in sent if s["via"] == "sql"])
    assert document["writes"]["rest"] == len([s for s in sent if s["via"] == "rest"]) > 5
    assert sum(document["writes"]["by_action"].values()) == len(sent)
    assert summary["requests"]["retries"] == 0, summary["requests"]
    # What is read is the same in both, but that a run asks who it is.
    assert summary["requests"]["sql"] == document["estimate"]["sql"], (summary["requests"], document["estimate"])
    assert 0 <= summary["requests"]["rest"] - document["estimate"]["rest"] <= 1, (summary["requests"], document["estimate"])
    logged = [json.loads(line) for line in (folder / "log").read_text().splitlines()]
    texts = [entry["statement"] for entry in logged if entry.get("statement")]
    for step in sent:
        if step["via"] == "sql":
            assert step["text"] in texts, step["text"]
    for kind, counts in summary["counts"].items():
        planned = document["counts"][kind]
        assert counts["succeeded"] == planned.get("planned", 0) + planned["succeeded"], (kind, counts, planned)


def steps_come_after_what_they_need(box):
    steps = json.loads(plan(box, "ordered", "-o", "json"))["plan"]["steps"]
    for number, step in enumerate(steps):
        assert step["step"] == number
        if step["via"] in ("sql", "rest"):
            assert all(before < number for before in step.get("after", [])), step


def statements(script):
    """The statements of a script: split at semicolons outside of strings, names and comments."""
    found, start, at, quote = [], 0, 0, None
    while at < len(script):
        two = script[at:at + 2]
        if quote:
            if quote in "'\"" and script[at] == "\\":
                at += 1
            elif script.startswith(quote, at):
                at += len(quote) - 1
                quote = None
        elif two == "--":
            at = script.find("\n", at) if "\n" in script[at:] else len(script)
        elif two == "$$":
            quote, at = "$$", at + 1
        elif script[at] in "'\"`":
            quote = script[at]
        elif script[at] == ";":
            found.append(script[start:at])
            start = at + 1
        at += 1
    rest = [line for line in script[start:].splitlines() if line.strip() and not line.startswith("--")]
    assert not rest, rest
    return found


def the_script_makes_what_the_clone_makes(box):
    script = plan(box, "scripted", "--format", "sql")
    catalog = schema = None
    for statement in statements(script):
        body = "\n".join(line for line in statement.strip().splitlines() if not line.startswith("--"))
        # A session of the API lasts for one statement, so its defaults are sent along.
        if body.startswith("USE CATALOG"):
            catalog, schema = body.split("`")[1], None
        elif body.startswith("USE SCHEMA"):
            schema = body.split("`")[1]
        else:
            ask = {"statement": statement, "warehouse_id": "sandbox", "wait_timeout": "50s", "catalog": catalog, "schema": schema}
            answer = box.request("POST", "/api/2.0/sql/statements", {k: v for k, v in ask.items() if v})
            assert answer["status"]["state"] == "SUCCEEDED", (statement, answer)
    run(box, "clone", "--source", "demo", "--dest", "cloned", *FLAGS)
    scripted, cloned = facts(box, "scripted"), facts(box, "cloned")
    assert scripted.keys() == cloned.keys(), scripted.keys() ^ cloned.keys()
    for facts_of_one in scripted["'catalog'"][0], cloned["'catalog'"][0]:
        facts_of_one.pop("properties")  # SQL has no properties for catalogs
    for name, fact in cloned.items():
        if not name.startswith("('functions'") and "'routines'" not in name:  # SQL has no owner for functions
            assert scripted[name] == fact, f"{name}:\n  {scripted[name]}\n  {fact}"


def refusals_end_as_the_clone_would(box):
    out = run(box, "plan", "--source", "demo", "--dest", "refused", "--protected-tables", "fail", "-o", "json", codes=(5,))
    document = json.loads(out)
    assert document["status"] in ("partial", "failed"), document["status"]
    assert [o["name"] for o in document["objects"] if o["status"] == "failed"] == ["demo.hr.employees"]
    run(box, "plan", "--source", "demo", "--dest", "demo", codes=(2,))
    run(box, "plan", "--source", "nothing", "--dest", "refused", codes=(1, 4, 6))


def files_hold_what_is_printed(box):
    folder = pathlib.Path(box.directory.name)
    plan(box, "filed", "--format", "html", "--output", "made/for/it/plan.html", "--capture-sql", "plan.sql")
    page = (folder / "made/for/it/plan.html").read_text()
    assert page.startswith("<!DOCTYPE html>") and page.rstrip().endswith("</html>")
    assert "PATCH /api/2.1/unity-catalog/permissions/" in page
    assert (folder / "plan.sql").read_text() == plan(box, "filed", "--format", "sql")
    plan(box, "filed", "--format", "json", "--output", "plan.json")
    assert json.loads((folder / "plan.json").read_text())["destination"] == "filed"
    denied = subprocess.run([box.clxs, "plan", "--source", "demo", "--dest", "filed", *FLAGS, "--output", "/proc/nothing/x"],
                            env=box.env, capture_output=True, text=True, check=False)
    assert denied.returncode == 6 and "/proc/nothing/x" in denied.stderr, (denied.returncode, denied.stderr)


if __name__ == "__main__":
    sandbox = Sandbox(sys.argv[1])
    try:
        for test in (changes_nothing, figures_are_those_of_the_run, steps_come_after_what_they_need,
                     the_script_makes_what_the_clone_makes, refusals_end_as_the_clone_would, files_hold_what_is_printed):
            test(sandbox)
            print("ok", test.__name__)
    finally:
        sandbox.close()
