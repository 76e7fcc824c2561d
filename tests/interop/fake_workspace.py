# SPDX-License-Identifier: Apache-2.0
"""A second workspace, written from the public API documentation and from nothing of ours, to keep the sandbox honest: it
answers the requests that a clone sends, in the awkward ways the real service may, and loses or refuses some on purpose.

Awkward on purpose: listings come in pages of 3, some of them empty with a token; int64 values are text; empty lists are
absent; unknown fields and enum values appear; every statement is PENDING first; names come back in lower case; the reply
to a statement without a result has an empty result object.

Faults (each with its own rate, drawn from a seeded generator): "429", "503", "reset" (nothing happened), "reset_after"
(it happened, the reply is lost). `log` holds every request that had an effect; `peak` and `copies_peak` how many statements,
and how many clones, were under way at one time.
"""
import http.server
import json
import random
import re
import socket
import struct
import threading
import urllib.parse

from fake_metadata import DOTTED, NAME, TEXT, Metadata, literals, pairs, plain


def parts_of(text):
    found = re.findall(NAME, text)
    return [plain(p).lower() for p in found]


class Catalog:
    """What the workspace holds: dictionaries by full name, in lower case."""

    def __init__(self):
        self.catalogs, self.schemas, self.tables, self.functions, self.volumes = {}, {}, {}, {}, {}
        self.commits = {}  # full table name -> number of commits
        self.metadata = Metadata()

    def add_catalog(self, name):
        self.catalogs[name] = {"name": name, "catalog_type": "MANAGED_CATALOG", "owner": "me", "new_field": {"x": 1}}
        for schema in ("default", "information_schema"):
            self.schemas[f"{name}.{schema}"] = {"name": schema, "catalog_name": name, "full_name": f"{name}.{schema}"}

    def add_schema(self, catalog, name):
        self.schemas[f"{catalog}.{name}"] = {"name": name, "catalog_name": catalog, "full_name": f"{catalog}.{name}"}

    def add_table(self, catalog, schema, name, **more):
        full = f"{catalog}.{schema}.{name}"
        self.tables[full] = {"name": name, "catalog_name": catalog, "schema_name": schema, "full_name": full,
                             "table_type": "MANAGED", "data_source_format": "DELTA", "created_at": "1700000000000",
                             "owner": "me@example.com",
                             "columns": [{"name": "Id", "type_text": "bigint", "type_name": "LONG", "position": 0}],
                             **more}
        self.commits[full] = self.commits.get(full, 0) + 1


class SqlError(Exception):
    def __init__(self, error_class, state, text):
        super().__init__(f"[{error_class}] {text} SQLSTATE: {state}")
        self.state = state


class Workspace:
    """One workspace; with SHARES, another one on the same metastore. AUTHORIZATIONS is every credential it was shown."""

    def __init__(self, token="fake-token", seed=1, shares=None, warehouse="w1", **rates):
        self.state, self.lock, self.random = Catalog(), threading.RLock(), random.Random(seed)
        self.metastore, self.warehouse, self.authorizations, self.requests = f"metastore-{id(self)}", warehouse, set(), []
        if shares:
            self.state, self.lock, self.metastore = shares.state, shares.lock, shares.metastore
        self.token, self.rates, self.statements, self.log, self.faults = token, rates, {}, [], 0
        self.statement_texts = []
        self.under_way, self.peak, self.copies_peak = {}, 0, 0  # statements whose end nobody has been told of
        workspace = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def serve(self):
                workspace.serve(self)

            do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_HEAD = serve

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # a client that went away is part of the game

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # -- one request -------------------------------------------------------------------------------------------------

    def draw(self):
        with self.lock:
            for kind, rate in self.rates.items():
                if self.random.random() < rate:
                    self.faults += 1
                    return kind
        return None

    def serve(self, handler):
        url = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        length = int(handler.headers.get("Content-Length") or 0)
        body = json.loads(handler.rfile.read(length) or b"null") if length else None
        self.authorizations.add(handler.headers.get("Authorization"))
        self.requests.append(f"{handler.command} {handler.path}")
        fault = None if url.path.startswith("/.well-known") else self.draw()
        if fault == "reset":
            return self.reset(handler)
        if fault in ("429", "503"):
            headers = {"Retry-After": "0"} if fault == "429" else {}
            return self.reply(handler, int(fault), {"error_code": "RESOURCE_EXHAUSTED" if fault == "429" else
                                                    "TEMPORARILY_UNAVAILABLE", "message": "later"}, headers)
        if handler.headers.get("Authorization") != "Bearer " + self.token and not url.path.startswith("/.well-known"):
            return self.reply(handler, 401, {"error_code": "UNAUTHENTICATED", "message": "Credential was not sent or was of an unsupported type for this API."})
        with self.lock:
            status, answer = self.answer(handler.command, url.path, query, body)
        if fault == "reset_after":
            return self.reset(handler)
        self.reply(handler, status, answer)

    @staticmethod
    def reset(handler):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        handler.connection.close()

    @staticmethod
    def reply(handler, status, answer, headers=None):
        data = json.dumps(answer).encode() if answer is not None else b""
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        for key, value in (headers or {}).items():
            handler.send_header(key, value)
        handler.end_headers()
        handler.wfile.write(data)

    def answer(self, method, path, query, body):
        if path == "/api/2.0/preview/scim/v2/Me":
            return 200, {"userName": "me@example.com", "id": "1", "active": True}
        if path == "/api/2.0/sql/warehouses":
            return 200, {"warehouses": [{"id": self.warehouse, "state": "RUNNING", "name": "w"}]}
        if path.startswith("/api/2.0/sql/warehouses/"):
            return 200, {"id": self.warehouse, "state": "RUNNING", "name": "w", "warehouse_type": "NEW_TYPE"}
        if path.startswith("/api/2.0/sql/statements"):
            return self.statement(method, path.split("/")[5:], body)
        if path.startswith("/api/2.1/unity-catalog/permissions/"):
            kind, name = path.split("/")[5:7]
            return self.state.metadata.permissions(self.state, method, kind, urllib.parse.unquote(name).lower(), body)
        if path.startswith("/api/2.1/unity-catalog/") and method == "PATCH":
            shelf, name = path.split("/")[4:6]
            return self.state.metadata.patch(self.state, shelf, urllib.parse.unquote(name).lower(), body)
        if path.startswith("/api/2.1/unity-catalog/"):
            return self.unity(method, path.split("/")[4:], query)
        return 404, {"error_code": "ENDPOINT_NOT_FOUND", "message": f"No API found for '{method} {path}'"}

    # -- statements ----------------------------------------------------------------------------------------------------

    def statement(self, method, tail, body):
        if method == "POST" and not tail:
            number = f"01ef-{len(self.statements):08x}"
            self.statement_texts.append(body["statement"])
            self.statements[number] = done = {"statement_id": number}
            self.note_begun(number, body["statement"])
            try:
                if body.get("warehouse_id") != self.warehouse:
                    return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such warehouse"}
                columns, rows = self.run(body["statement"].strip(), body)
                done["status"] = {"state": "SUCCEEDED"}
                done["manifest"] = {"format": "JSON_ARRAY", "schema": {"column_count": len(columns), "columns": [
                    {"name": c, "type_name": "LONG", "type_text": "BIGINT", "position": i}
                    for i, c in enumerate(columns)]}, "total_row_count": str(len(rows)), "total_chunk_count": 1}
                done["result"] = {"chunk_index": 0, "row_offset": "0", "row_count": str(len(rows)),
                                  "data_array": rows} if rows else {}
            except SqlError as error:
                done["status"] = {"state": "FAILED", "sql_state": error.state,
                                  "error": {"error_code": "BAD_REQUEST", "message": str(error)}}
            return 200, {"statement_id": number, "status": {"state": "PENDING"}}
        found = self.statements.get(tail[0] if tail else "")
        if not found:
            return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such statement"}
        self.under_way.pop(tail[0], None)
        return 200, ({} if method == "POST" else found)

    def note_begun(self, number, text):
        self.under_way[number] = " CLONE " in text
        self.peak = max(self.peak, len(self.under_way))
        self.copies_peak = max(self.copies_peak, sum(self.under_way.values()))

    def run(self, text, body):
        text = re.sub(r"\s+", " ", text)
        for pattern, action in STATEMENTS:
            match = re.fullmatch(pattern, text, re.S | re.I)
            if match:
                self.log.append(text)
                return action(self.state, match, body) or ([], [])
        raise SqlError("PARSE_SYNTAX_ERROR", "42601", f"Syntax error at or near: {text[:60]}")

    # -- Unity Catalog -------------------------------------------------------------------------------------------------

    def unity(self, method, tail, query):
        if tail == ["metastore_summary"] and method == "GET":
            return 200, {"metastore_id": self.metastore, "name": "fake", "owner": "me"}
        kind, name = tail[0], urllib.parse.unquote("/".join(tail[1:])).lower()
        shelf = getattr(self.state, kind, None)
        if method != "GET" or shelf is None:
            return 404, {"error_code": "ENDPOINT_NOT_FOUND", "message": "No API found for that"}
        if name:
            if name not in shelf:
                code = kind[:-1].upper() + "_DOES_NOT_EXIST"
                return 404, {"error_code": code, "message": f"{kind[:-1].title()} '{name}' does not exist."}
            return 200, shelf[name]
        catalog, schema = query.get("catalog_name", "").lower(), query.get("schema_name", "").lower()
        if kind != "catalogs" and catalog not in self.state.catalogs:
            return 404, {"error_code": "CATALOG_DOES_NOT_EXIST", "message": f"Catalog '{catalog}' does not exist."}
        if kind not in ("catalogs", "schemas") and f"{catalog}.{schema}" not in self.state.schemas:
            return 404, {"error_code": "SCHEMA_DOES_NOT_EXIST", "message": f"Schema '{catalog}.{schema}' does not exist."}
        items = [{k: v for k, v in o.items() if k != "table_constraints"} for o in shelf.values() if kind == "catalogs" or (
            o["catalog_name"] == catalog and (kind == "schemas" or o["schema_name"] == schema))]
        return 200, page(kind, items, query.get("page_token"))


def page(kind, items, token):
    """Pages of 3; the first page of a listing with more than 3 is empty and still carries a token."""
    if token is None and len(items) > 3:
        return {"next_page_token": "at-0"}
    start = int(token[3:]) if token else 0
    answer = {kind: items[start:start + 3]} if items else {}
    if start + 3 < len(items):
        answer["next_page_token"] = f"at-{start + 3}"
    elif token:
        answer["next_page_token"] = ""
    return answer


# -- what the workspace understands ------------------------------------------------------------------------------------


def create_catalog(state, match, _):
    name = parts_of(match[2])[0]
    if name in state.catalogs:
        if match[1]:
            return
        raise SqlError("CATALOG_ALREADY_EXISTS", "42710", f"Catalog `{name}` already exists.")
    state.add_catalog(name)
    state.catalogs[name].update(owner="me@example.com", **created_comment(match[0]))


def created_comment(statement):
    found = re.search(rf" COMMENT {TEXT}", statement)
    return {"comment": literals(found[0])[0]} if found else {}


def create_schema(state, match, _):
    catalog, name = parts_of(match[2])
    if catalog not in state.catalogs:
        raise SqlError("NO_SUCH_CATALOG_EXCEPTION", "42704", f"Catalog '{catalog}' was not found.")
    if f"{catalog}.{name}" in state.schemas and not match[1]:
        raise SqlError("SCHEMA_ALREADY_EXISTS", "42P06", f"Schema `{catalog}`.`{name}` already exists.")
    state.add_schema(catalog, name)
    state.schemas[f"{catalog}.{name}"].update(
        owner="me@example.com", properties=pairs(match[0].partition("WITH DBPROPERTIES")[2]), **created_comment(match[0]))


def need_schema(state, names):
    if f"{names[0]}.{names[1]}" not in state.schemas:
        raise SqlError("SCHEMA_NOT_FOUND", "42704", f"The schema `{names[0]}`.`{names[1]}` cannot be found.")


def clone_table(state, match, _):
    target, source = parts_of(match["target"]), parts_of(match["source"])
    need_schema(state, target)
    found = state.tables.get(".".join(source))
    if not found:
        raise SqlError("TABLE_OR_VIEW_NOT_FOUND", "42P01", "The table or view cannot be found.")
    if found["table_type"] not in ("MANAGED", "EXTERNAL"):
        raise SqlError("DELTA_CLONE_UNSUPPORTED_SOURCE", "0AKDC", "Unsupported clone source.")
    exists = ".".join(target) in state.tables
    if exists and not match["replace"] and not match["exists"]:
        raise SqlError("TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", "already exists")
    state.add_table(*target, columns=found["columns"], cloned_from=".".join(source))
    names = ["source_table_size", "source_num_of_files", "num_removed_files", "num_copied_files", "removed_files_size",
             "copied_files_size"]
    return names, [["1024", "1", "0", "1", "0", "1024"]]


def create_view(state, match, body):
    names = parts_of(match["name"])
    need_schema(state, names)
    full = ".".join(names)
    if full in state.tables and not match["replace"] and not match["exists"]:
        raise SqlError("TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", "already exists")
    for reference in re.findall(r"(?:FROM|JOIN) (" + NAME + r"(?:\." + NAME + r")*)", match["query"], re.I):
        parts = parts_of(reference[0])
        parts = [body.get("catalog", "").lower(), body.get("schema", "").lower(), *parts][-3:] if len(parts) < 3 else parts
        if ".".join(parts) not in state.tables:
            raise SqlError("TABLE_OR_VIEW_NOT_FOUND", "42P01", f"The table or view {parts} cannot be found.")
    state.add_table(*names, table_type="VIEW", data_source_format="UNKNOWN_DATA_SOURCE_FORMAT",
                    view_definition=match["query"])


def create_function(state, match, _):
    names = parts_of(match["name"])
    need_schema(state, names)
    full = ".".join(names)
    parameters, returns, text = re.match(r"(.*?)\) RETURNS (\w+) RETURN (.*)", match["body"]).groups()
    name, type_text = parameters.split(" ")
    state.functions[full] = {"name": names[2], "catalog_name": names[0], "schema_name": names[1], "full_name": full,
                             "owner": "me@example.com", "full_data_type": returns, "routine_body": "SQL",
                             "routine_definition": text, "input_params": {"parameters": [
                                 {"name": plain(name), "type_text": type_text, "position": "0"}]}}


def create_volume(state, match, _):
    names = parts_of(match["name"])
    need_schema(state, names)
    full = ".".join(names)
    state.volumes[full] = {"name": names[2], "catalog_name": names[0], "schema_name": names[1], "full_name": full,
                           "volume_type": "EXTERNAL" if match["external"] else "MANAGED", **created_comment(match[0])}


def read_metadata(state, match, _):
    catalog = parts_of(match["catalog"])[0]
    return state.metadata.tag_rows(catalog) if "_tags" in match[0] else state.metadata.key_rows(state, catalog)


def comment_on(state, match, _):
    state.metadata.comment(state, match["kind"], ".".join(parts_of(match["name"])), match["text"])


def set_tags(state, match, _):
    column = plain(match["column"]) if match["column"] else None
    state.metadata.set_tags(match["kind"], ".".join(parts_of(match["name"])), column, match["tags"])


def add_constraint(state, match, _):
    constraint = parts_of(match["constraint"])[0]
    if not state.metadata.add_key(state, ".".join(parts_of(match["name"])), constraint, match["key"]):
        raise SqlError("DELTA_CONSTRAINT_ALREADY_EXISTS", "42710", f"Constraint '{constraint}' already exists.")


STATEMENTS = [
    (rf"SELECT .* (?P<catalog>{NAME})\.information_schema\.(?:table_constraints|volume_tags)\b.*", read_metadata),
    (rf"COMMENT ON (?P<kind>CATALOG|SCHEMA|TABLE|VOLUME) (?P<name>{DOTTED}) IS (?P<text>{TEXT})", comment_on),
    (rf"ALTER (?P<kind>CATALOG|SCHEMA|TABLE|VIEW|VOLUME) (?P<name>{DOTTED})(?: ALTER COLUMN (?P<column>{NAME}))? SET TAGS "
     r"\((?P<tags>.*)\)", set_tags),
    (rf"ALTER TABLE (?P<name>{DOTTED}) ADD CONSTRAINT (?P<constraint>{NAME}) (?P<key>.*)", add_constraint),
    (rf"CREATE CATALOG (IF NOT EXISTS )?({NAME})(?: .*)?", create_catalog),
    (rf"CREATE SCHEMA (IF NOT EXISTS )?({DOTTED})(?: .*)?", create_schema),
    (rf"CREATE (?P<replace>OR REPLACE )?TABLE (?P<exists>IF NOT EXISTS )?(?P<target>{DOTTED}) (?:DEEP |SHALLOW )?CLONE "
     rf"(?P<source>{DOTTED})(?: .*)?", clone_table),
    (rf"CREATE (?P<replace>OR REPLACE )?VIEW (?P<exists>IF NOT EXISTS )?(?P<name>{DOTTED}) ?(?:\(.*?\))?.*? ?AS (?P<query>SELECT.*)",
     create_view),
    (rf"CREATE (?:OR REPLACE )?FUNCTION (?:IF NOT EXISTS )?(?P<name>{DOTTED}) ?\((?P<body>.*)", create_function),
    (rf"CREATE (?P<external>EXTERNAL )?VOLUME (?:IF NOT EXISTS )?(?P<name>{DOTTED})(?: .*)?", create_volume),
]
