# SPDX-License-Identifier: Apache-2.0
"""What the second workspace (fake_workspace.py) knows beside objects: comments, tags, keys, grants, properties. Written from
the public documentation, and as strict as that: a key that is there is an error, a principal that is not known is one, PATCH
of properties takes the place of all of them, and listings leave keys out.
"""
import re

NAME = r"(`(?:[^`]|``)+`|[A-Za-z0-9_]+)"
DOTTED = NAME + r"(?:\." + NAME + r")?(?:\." + NAME + r")?"
TEXT = r"'((?:[^'\\]|\\.)*)'"
SHELVES = {"catalog": "catalogs", "schema": "schemas", "table": "tables", "view": "tables", "volume": "volumes",
           "function": "functions"}
TAG_COLUMNS = ["kind", "schema_name", "object_name", "column_name", "tag_name", "tag_value"]
KEY_COLUMNS = ["table_schema", "table_name", "constraint_type", "constraint_name", "column_name"]


def plain(name):
    """A name as it is stored, its case kept."""
    return name[1:-1].replace("``", "`") if name.startswith("`") else name


def literals(text):
    """The values of the string literals in TEXT."""
    return [re.sub(r"\\(.)", r"\1", value) for value in re.findall(TEXT, text)]


def pairs(text):
    """'key' = 'value' pairs as a dictionary."""
    values = literals(text)
    return dict(zip(values[::2], values[1::2]))


class Metadata:
    def __init__(self):
        self.people = {"me@example.com", "ann@example.com", "readers", "7c1f3a52-0d2c-4b8e-9d55-6f1a1f2b3c4d"}
        self.tags, self.grants = {}, {}  # (shelf, full name, column or None) -> values; (shelf, full name) -> sets
        self.writes = []                 # every write that had an effect: (what, object)

    # -- REST ----------------------------------------------------------------------------------------------------------

    def permissions(self, state, method, kind, name, body):
        shelf = SHELVES.get(kind)
        if not shelf or name not in getattr(state, shelf):
            return 404, {"error_code": f"{kind.upper()}_DOES_NOT_EXIST", "message": f"{kind} '{name}' does not exist."}
        held = self.grants.setdefault((shelf, name), {})
        if method == "PATCH":
            unknown = [c["principal"] for c in body["changes"] if c["principal"] not in self.people]
            if unknown:
                return 404, {"error_code": "PRINCIPAL_DOES_NOT_EXIST", "message": f"Could not find principal {unknown[0]}"}
            for change in body["changes"]:
                held.setdefault(change["principal"], set()).update(change.get("add", []))
                held[change["principal"]] -= set(change.get("remove", []))
            self.writes.append(("grant", name))
        given = [{"principal": who, "privileges": sorted(what)} for who, what in held.items() if what]
        return 200, {"privilege_assignments": given} if given else {}

    def patch(self, state, shelf, name, body):
        item = getattr(state, shelf, {}).get(name)
        if not item:
            return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": f"'{name}' does not exist."}
        if set(body) == {"owner"}:
            if body["owner"] not in self.people:
                return 404, {"error_code": "PRINCIPAL_DOES_NOT_EXIST", "message": f"Could not find principal {body['owner']}"}
            item["owner"] = body["owner"]
        elif set(body) == {"properties"} and shelf in ("catalogs", "schemas"):
            item["properties"] = dict(body["properties"])
        else:
            return 400, {"error_code": "INVALID_PARAMETER_VALUE", "message": f"{shelf}: cannot update {sorted(body)}"}
        self.writes.append((next(iter(body)), name))
        return 200, item

    # -- information_schema ---------------------------------------------------------------------------------------------

    def tag_rows(self, catalog):
        rows = []
        for (shelf, name, column), values in self.tags.items():
            parts = name.split(".")
            kind = "column" if column else shelf[:-1]
            if parts[0] == catalog:
                rows += [[kind, *(parts[1:] + [None, None])[:2], column, key, value] for key, value in values.items()]
        return TAG_COLUMNS, rows

    @staticmethod
    def key_rows(state, catalog):
        rows = []
        for full, table in sorted(state.tables.items()):
            for constraint in table.get("table_constraints", []) if table["catalog_name"] == catalog else []:
                kind, key = next(iter(constraint.items()))
                words = kind.replace("_constraint", "").replace("_", " ").upper()
                rows.append([table["schema_name"], table["name"], words, key["name"], None])
        return KEY_COLUMNS, rows

    # -- statements -----------------------------------------------------------------------------------------------------

    def comment(self, state, kind, name, text):
        item = getattr(state, SHELVES[kind.lower()])[name]
        item["comment"] = literals(text)[0]
        self.writes.append(("comment", name))

    def set_tags(self, kind, name, column, text):
        held = self.tags.setdefault((SHELVES[kind.lower()], name, column), {})
        held.update(pairs(text))
        self.writes.append(("tag", name + (f".{column}" if column else "")))

    def add_key(self, state, name, constraint, text):
        keys = state.tables[name].setdefault("table_constraints", [])
        if any(constraint == key["name"] for entry in keys for key in entry.values()):
            return False
        primary = re.match(rf"PRIMARY KEY \(({NAME})\)", text)
        foreign = re.match(rf"FOREIGN KEY \(({NAME})\) REFERENCES ({DOTTED}) \(({NAME})\)", text)
        if primary:
            keys.append({"primary_key_constraint": {"name": constraint, "child_columns": [plain(primary[1])]}})
        else:
            parent = ".".join(plain(part) for part in re.findall(NAME, foreign[3]))
            assert any("primary_key_constraint" in k for k in state.tables[parent].get("table_constraints", [])), parent
            keys.append({"foreign_key_constraint": {"name": constraint, "child_columns": [plain(foreign[1])],
                                                    "parent_table": parent, "parent_columns": [plain(foreign[7])]}})
        self.writes.append(("key", f"{name} {constraint}"))
        return True
