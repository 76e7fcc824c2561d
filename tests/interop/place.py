# SPDX-License-Identifier: Apache-2.0
"""A home for clxs and a sandbox that outlives it, and portraits of catalogs taken through the sandbox's own REST and SQL, so
that a mistake of the client cannot hide itself."""
import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

TOKEN = "dapi-place"
UNITY = "/api/2.1/unity-catalog/"


def quote(*names):
    return ".".join("`" + name.replace("`", "``") + "`" for name in names)


class Place:
    """Clients are run with this home and workspace; what they change is looked at from outside."""

    def __init__(self, clxs, home, *words):
        self.clxs, self.home, self.token = clxs, pathlib.Path(home), TOKEN
        self.env = {**os.environ, "HOME": home, "CLXS_SANDBOX_TOKEN": TOKEN, "DATABRICKS_TOKEN": TOKEN, "DATABRICKS_WAREHOUSE_ID": "sandbox",
                    **{f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("STATE", "CACHE", "DATA", "CONFIG")}}
        # pylint: disable-next=consider-using-with
        self.server = subprocess.Popen([clxs, "sandbox", "serve", "--port", "0", "--seed", "demo", "--state", f"{home}/state.db", *words],
                                       env=self.env, stdout=subprocess.PIPE, text=True)
        line = self.server.stdout.readline()
        self.env["DATABRICKS_HOST"] = next(word for word in line.split() if word.startswith("http://")).rstrip(".,")

    def close(self):
        self.server.terminate()
        self.server.wait()

    def run(self, *words, expect=0):
        done = subprocess.run([self.clxs, *words], env=self.env, capture_output=True, text=True, check=False)
        if done.returncode != expect:
            sys.exit(f"clxs {' '.join(words)}: exit {done.returncode}, not {expect}\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout) if "json" in words and done.stdout else done.stdout

    def request(self, method, path, body=None):
        ask = urllib.request.Request(self.env["DATABRICKS_HOST"] + path, json.dumps(body).encode() if body is not None else None,
                                     {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(ask) as answer:
            return answer.read()

    def ask(self, path, body=None):
        return json.loads(self.request("POST" if body is not None else "GET", path, body) or b"{}")

    def patch(self, path, body):
        self.request("PATCH", UNITY + path, body)

    def sql(self, text):
        answer = self.ask("/api/2.0/sql/statements", {"statement": text, "warehouse_id": "sandbox", "wait_timeout": "50s"})
        while answer["status"]["state"] in ("PENDING", "RUNNING"):
            answer = self.ask("/api/2.0/sql/statements/" + answer["statement_id"])
        if answer["status"]["state"] != "SUCCEEDED":
            sys.exit(f"{text}: {answer['status']}")
        return answer.get("result", {}).get("data_array", [])

    def listing(self, kind, **query):
        return self.ask(f"{UNITY}{kind}?{urllib.parse.urlencode({'max_results': 0, **query})}").get(kind, [])

    def grants(self, kind, name):
        found = self.ask(f"{UNITY}permissions/{kind}/{urllib.parse.quote(name)}").get("privilege_assignments", [])
        return sorted((entry["principal"], sorted(entry["privileges"])) for entry in found)

    def files(self, path):
        """Every file below PATH with its bytes; directories are None."""
        found = {}
        for entry in self.ask("/api/2.0/fs/directories" + urllib.parse.quote(path)).get("contents", []):
            if entry["is_directory"]:
                found[entry["path"]] = None
                found.update(self.files(entry["path"].rstrip("/")))
            else:
                found[entry["path"]] = self.request("GET", "/api/2.0/fs/files" + urllib.parse.quote(entry["path"]))
        return found

    def tags(self, catalog):
        found = {}
        for kind in ("catalog", "schema", "table", "column", "volume"):
            for row in self.sql(f"SELECT * FROM {quote(catalog)}.information_schema.{kind}_tags"):
                found[f"tag {kind} {'.'.join(map(str, row[:-1]))}"] = row[-1]
        return found

    def portrait(self, catalog):
        """Everything that a person would miss, by name; nothing when there is no such catalog."""
        mine = [item for item in self.listing("catalogs") if item["name"] == catalog]
        if not mine:
            return {}
        found = self.tags(catalog)
        found[f"catalog {catalog}"] = self.draw("catalogs", mine[0])
        for schema in self.listing("schemas", catalog_name=catalog):
            if schema["name"] == "information_schema":
                continue
            found[f"schema {schema['full_name']}"] = self.draw("schemas", schema)
            where = {"catalog_name": catalog, "schema_name": schema["name"]}
            for kind in ("tables", "functions", "volumes"):
                for item in self.listing(kind, **where):
                    found[f"{kind} {item['full_name']}"] = self.draw(kind, item)
        return found

    def draw(self, kind, item):
        members = ("table_type", "view_definition", "comment", "owner", "properties", "routine_definition", "full_data_type", "input_params",
                   "return_params", "external_language", "is_deterministic", "volume_type", "storage_root", "row_filter")
        kept = {member: item.get(member) for member in members}
        name = item.get("full_name") or item["name"]
        kept["grants"] = self.grants(kind[:-1], name)
        if kind == "tables":
            whole = self.ask(f"{UNITY}tables/{urllib.parse.quote(name)}")
            kept["constraints"] = sorted(map(str, whole.get("table_constraints", [])))
            kept["columns"] = [[column.get(member) for member in ("name", "type_text", "comment", "nullable", "mask", "type_json")]
                               for column in whole["columns"]]
            kept["rows"] = sorted(map(str, self.sql(f"SELECT * FROM {quote(*name.split('.'))}")))
        if kind == "volumes":
            kept["files"] = self.files("/Volumes/" + name.replace(".", "/"))
        return kept

    def journals(self):
        return set((self.home / "state" / "clxs" / "operations").glob("*.journal"))


def same(before, after, when):
    """Stop with what differs between two portraits."""
    for name in sorted({*before, *after}):
        was, now = before.get(name, "absent"), after.get(name, "absent")
        if was == now:
            continue
        if isinstance(was, dict) and isinstance(now, dict):
            was, now = ({key: value[key] for key in value if was.get(key) != now.get(key)} for value in (was, now))
        sys.exit(f"{when}: {name} was {was}, is {now}")
