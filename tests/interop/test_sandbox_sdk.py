# SPDX-License-Identifier: Apache-2.0
"""What a user of the official Python SDK does, against the sandbox at SANDBOX_URL: logging in both ways, warehouses,
statements, Unity Catalog, files, and being refused. Started by run_sandbox_sdk.py."""
import io
import os
import time
import unittest
import urllib.request

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import (AlreadyExists, BadRequest, InvalidParameterValue, NotFound, PermissionDenied,
                                   ResourceConflict)
from databricks.sdk.service import catalog, sql
from databricks.sdk.service import workspace as tree

URL = os.environ["SANDBOX_URL"]
CLIENT = "3c0e1f6a-5555-4666-8777-888899990000"
S = sql.StatementState


def client(token):
    return WorkspaceClient(host=URL, token=token, auth_type="pat")


admin, bob = client("dapi-admin"), client("dapi-bob")
WAREHOUSE = next(iter(admin.warehouses.list())).id


def run(text, who=admin, **more):
    answer = who.statement_execution.execute_statement(text, WAREHOUSE, wait_timeout="50s", **more)
    while answer.status.state in (S.PENDING, S.RUNNING):
        answer = who.statement_execution.get_statement(answer.statement_id)
    return answer


def rows(text, who=admin, **more):
    answer = run(text, who, **more)
    assert answer.status.state == S.SUCCEEDED, (text, answer.status)
    found, part = [], answer.result
    while part and part.data_array:
        found += part.data_array
        if part.next_chunk_index is None:
            break
        part = admin.statement_execution.get_statement_result_chunk_n(answer.statement_id, part.next_chunk_index)
    return found


def error(text, who=admin, **more):
    answer = run(text, who, **more)
    assert answer.status.state == S.FAILED, (text, answer.status)
    return answer.status


class Login(unittest.TestCase):
    def test_personal_access_token(self):
        self.assertEqual(admin.current_user.me().user_name, "admin@example.com")
        self.assertEqual(bob.current_user.me().user_name, "bob@example.com")

    def test_client_credentials(self):
        service = WorkspaceClient(host=URL, client_id=CLIENT, client_secret="dose-secret&+%", auth_type="oauth-m2m")
        self.assertEqual(service.current_user.me().user_name, CLIENT)
        self.assertTrue(list(service.catalogs.list()))

    def test_wrong_ones(self):
        with self.assertRaises(PermissionDenied):
            client("wrong").current_user.me()
        with self.assertRaises(Exception):
            WorkspaceClient(host=URL, client_id=CLIENT, client_secret="wrong", auth_type="oauth-m2m").current_user.me()

    def test_principals(self):
        self.assertIn("account users", [g.display_name for g in admin.groups.list()])
        self.assertIn("bob@example.com", [u.user_name for u in admin.users.list()])


class Statements(unittest.TestCase):
    def test_rows_and_types(self):
        answer = run("SELECT 1 AS a, 'x' AS b, CAST(NULL AS STRING) AS c, 1.50 AS d, true AS e, DATE'2024-02-29' AS f")
        self.assertEqual(answer.result.data_array, [["1", "x", None, "1.50", "true", "2024-02-29"]])
        self.assertEqual([c.type_name.value for c in answer.manifest.schema.columns],
                         ["INT", "STRING", "STRING", "DECIMAL", "BOOLEAN", "DATE"])

    def test_chunks(self):
        found = rows("SELECT id, concat('value ', id) FROM range(1000)")
        self.assertEqual(len(found), 1000)
        self.assertEqual(sorted(int(row[0]) for row in found), list(range(1000)))

    def test_external_links_as_csv(self):
        answer = run("SELECT id FROM range(3) ORDER BY id", disposition=sql.Disposition.EXTERNAL_LINKS,
                     format=sql.Format.CSV)
        link = answer.result.external_links[0]
        with urllib.request.urlopen(link.external_link) as got:
            self.assertEqual(got.read().decode().split(), ["id", "0", "1", "2"])

    def test_parameters(self):
        found = rows("SELECT :a + 1, :b", parameters=[sql.StatementParameterListItem(name="a", value="41", type="INT"),
                                                      sql.StatementParameterListItem(name="b")])
        self.assertEqual(found, [["42", None]])

    def test_errors_are_states_with_classes(self):
        status = error("SELECT * FROM main.default.nothing_here")
        self.assertIn("[TABLE_OR_VIEW_NOT_FOUND]", status.error.message)
        self.assertEqual(status.sql_state, "42P01")
        self.assertIn("PARSE_SYNTAX_ERROR", error("SELEC 1").error.message)

    def test_cancel(self):
        answer = admin.statement_execution.execute_statement(
            "SELECT count(*) FROM range(100000) a CROSS JOIN range(100000) b", WAREHOUSE, wait_timeout="0s")
        with self.assertRaises(NotFound):
            bob.statement_execution.get_statement(answer.statement_id)
        admin.statement_execution.cancel_execution(answer.statement_id)
        for _ in range(200):
            state = admin.statement_execution.get_statement(answer.statement_id).status.state
            if state not in (S.PENDING, S.RUNNING):
                break
            time.sleep(0.05)
        self.assertEqual(state, S.CANCELED)

    def test_submissions_are_checked(self):
        for wrong in ({"wait_timeout": "3s"}, {"format": sql.Format.CSV}, {"row_limit": -1}):
            with self.assertRaises(InvalidParameterValue):
                admin.statement_execution.execute_statement("SELECT 1", WAREHOUSE, **wrong)

    def test_warehouses(self):
        made = admin.warehouses.create(name="sdk", cluster_size="Small", max_num_clusters=1, auto_stop_mins=10).result()
        self.assertEqual(made.state, sql.State.RUNNING)
        self.assertEqual(admin.warehouses.stop(made.id).result().state, sql.State.STOPPED)
        answer = admin.statement_execution.execute_statement("SELECT 1", made.id, wait_timeout="30s")
        self.assertEqual(answer.status.state, S.SUCCEEDED)
        admin.warehouses.delete(made.id)


    def test_warehouses_are_not_everybodys(self):
        for attempt in (lambda: bob.warehouses.stop(WAREHOUSE), lambda: bob.warehouses.delete(WAREHOUSE),
                        lambda: bob.warehouses.create(name="bob", cluster_size="Small")):
            with self.assertRaises(PermissionDenied):
                attempt()


class Metastore(unittest.TestCase):
    def test_grants(self):
        metastore = admin.metastores.current().metastore_id
        change = catalog.PermissionsChange(principal="bob@example.com", add=[catalog.Privilege.CREATE_CATALOG])
        admin.grants.update("METASTORE", metastore, changes=[change])
        self.assertEqual(admin.grants.get("METASTORE", metastore).privilege_assignments[0].principal, "bob@example.com")
        self.assertEqual(bob.catalogs.create("bobs_own").owner, "bob@example.com")
        bob.catalogs.delete("bobs_own", force=True)

    def test_the_catalog_of_the_service_stays(self):
        with self.assertRaises(BadRequest):
            admin.catalogs.delete("system", force=True)

    def test_pages_of_one(self):
        names = [c.name for c in admin.catalogs.list(max_results=1)]
        self.assertEqual(len(names), len(set(names)))
        self.assertIn("main", names)


class Catalogs(unittest.TestCase):
    def setUp(self):
        self.name = f"sdk_{self._testMethodName[5:20]}"
        admin.catalogs.create(self.name, comment="made by the SDK", properties={"team": "a"})
        admin.schemas.create("s", self.name)

    def tearDown(self):
        admin.catalogs.delete(self.name, force=True)

    def test_objects_and_refusals(self):
        found = admin.catalogs.get(self.name)
        self.assertEqual((found.owner, found.properties), ("admin@example.com", {"team": "a"}))
        with self.assertRaises(BadRequest):
            admin.catalogs.create(self.name.upper())
        with self.assertRaises(NotFound):
            admin.tables.get(f"{self.name}.s.missing")
        run(f"CREATE TABLE {self.name}.s.t (id BIGINT)")
        with self.assertRaises(BadRequest):
            admin.schemas.delete(f"{self.name}.s")

    def test_paging(self):
        for i in range(5):
            admin.schemas.create(f"p{i}", self.name)
        names = [s.name for s in admin.schemas.list(self.name, max_results=2)]
        self.assertEqual(sorted(names), ["default", "information_schema", "p0", "p1", "p2", "p3", "p4", "s"])

    def test_tables_and_views(self):
        n = self.name
        run(f"CREATE TABLE {n}.s.t (Id BIGINT NOT NULL COMMENT 'key', amount DECIMAL(10,2), CONSTRAINT pk PRIMARY KEY (Id))"
            " COMMENT 'a table' TBLPROPERTIES ('k' = 'v')")
        run(f"INSERT INTO {n}.s.t VALUES (1, 1.50), (2, NULL)")
        run(f"CREATE VIEW {n}.s.v AS SELECT Id FROM {n}.s.t")
        table = admin.tables.get(f"{n}.s.t")
        self.assertEqual(table.table_type, catalog.TableType.MANAGED)
        self.assertEqual([(c.name, c.type_text, c.nullable) for c in table.columns],
                         [("Id", "bigint", False), ("amount", "decimal(10,2)", True)])
        self.assertEqual((table.comment, table.properties["k"]), ("a table", "v"))
        self.assertEqual(table.table_constraints[0].primary_key_constraint.name, "pk")
        view = admin.tables.get(f"{n}.s.v")
        self.assertEqual(view.table_type, catalog.TableType.VIEW)
        self.assertIn("SELECT Id", view.view_definition)
        self.assertEqual(sorted(t.name for t in admin.tables.list(n, "s")), ["t", "v"])
        self.assertTrue(admin.tables.exists(f"{n}.s.t").table_exists)
        self.assertEqual(rows(f"SELECT count(*), sum(amount) FROM {n}.s.t"), [["2", "1.50"]])
        self.assertEqual(sorted(t.full_name for t in admin.tables.list_summaries(n)), [f"{n}.s.t", f"{n}.s.v"])

    def test_clone(self):
        n = self.name
        run(f"CREATE TABLE {n}.s.a (id BIGINT)")
        run(f"INSERT INTO {n}.s.a SELECT id FROM range(10)")
        answer = run(f"CREATE TABLE {n}.s.b DEEP CLONE {n}.s.a")
        self.assertEqual([c.name for c in answer.manifest.schema.columns],
                         ["source_table_size", "source_num_of_files", "num_removed_files", "num_copied_files",
                          "removed_files_size", "copied_files_size"])
        self.assertEqual(rows(f"SELECT count(*) FROM {n}.s.b"), [["10"]])
        run(f"CREATE TABLE {n}.s.c SHALLOW CLONE {n}.s.a")
        self.assertEqual(admin.tables.get(f"{n}.s.c").table_type, catalog.TableType.MANAGED_SHALLOW_CLONE)
        run(f"CREATE VIEW {n}.s.v AS SELECT 1 AS x")
        self.assertEqual(run(f"CREATE TABLE {n}.s.d CLONE {n}.s.v").status.state, S.FAILED)

    def test_functions(self):
        n = self.name
        run(f"CREATE FUNCTION {n}.s.plus(x INT) RETURNS INT RETURN x + 1")
        found = admin.functions.get(f"{n}.s.plus")
        self.assertEqual(found.routine_definition.strip(), "x + 1")
        self.assertEqual(found.input_params.parameters[0].type_text, "int")
        self.assertEqual([f.name for f in admin.functions.list(n, "s")], ["plus"])
        self.assertEqual(rows(f"SELECT {n}.s.plus(41)"), [["42"]])

    def test_grants(self):
        n = self.name
        run(f"CREATE TABLE {n}.s.t (id BIGINT)")
        with self.assertRaises(PermissionDenied):
            bob.tables.get(f"{n}.s.t")
        self.assertNotIn(n, [c.name for c in bob.catalogs.list()])
        self.assertIn("INSUFFICIENT_PERMISSIONS", error(f"SELECT * FROM {n}.s.t", bob).error.message)
        p = catalog.Privilege
        for kind, full, privileges in (("CATALOG", n, [p.USE_CATALOG]), ("SCHEMA", f"{n}.s", [p.USE_SCHEMA]),
                                       ("TABLE", f"{n}.s.t", [p.SELECT])):
            admin.grants.update(kind, full,
                                changes=[catalog.PermissionsChange(principal="bob@example.com", add=privileges)])
        self.assertEqual(rows(f"SELECT count(*) FROM {n}.s.t", bob), [["0"]])
        self.assertEqual(error(f"INSERT INTO {n}.s.t VALUES (1)", bob).sql_state, "42501")
        self.assertEqual(admin.grants.get("TABLE", f"{n}.s.t").privilege_assignments[0].principal, "bob@example.com")
        admin.grants.update("CATALOG", n, changes=[catalog.PermissionsChange(principal="account users",
                                                                             add=[p.SELECT])])
        effective = admin.grants.get_effective("TABLE", f"{n}.s.t", principal="account users").privilege_assignments
        self.assertEqual([(x.privilege, x.inherited_from_name) for x in effective[0].privileges], [(p.SELECT, n)])
        with self.assertRaises(PermissionDenied):
            bob.grants.update("TABLE", f"{n}.s.t",
                              changes=[catalog.PermissionsChange(principal="bob@example.com", add=[p.MODIFY])])

    def test_tags_and_owner(self):
        n = self.name
        run(f"CREATE TABLE {n}.s.t (id BIGINT)")
        run(f"ALTER TABLE {n}.s.t SET TAGS ('k' = 'v')")
        self.assertEqual([(t.tag_key, t.tag_value) for t in admin.entity_tag_assignments.list("tables", f"{n}.s.t")],
                         [("k", "v")])
        admin.tables.update(f"{n}.s.t", owner="bob@example.com")
        self.assertEqual(admin.tables.get(f"{n}.s.t").owner, "bob@example.com")

    def test_volumes_and_files(self):
        n = self.name
        made = admin.volumes.create(n, "s", "v", catalog.VolumeType.MANAGED)
        self.assertEqual(made.full_name, f"{n}.s.v")
        path = f"/Volumes/{n}/s/v/dir/a ?#%ü.txt"
        admin.files.upload(path, io.BytesIO(b"hello"), overwrite=True)
        with self.assertRaises((AlreadyExists, ResourceConflict)):
            admin.files.upload(path, io.BytesIO(b"again"), overwrite=False)
        self.assertEqual(admin.files.download(path).contents.read(), b"hello")
        self.assertEqual(admin.files.get_metadata(path).content_length, 5)
        self.assertEqual([e.path for e in admin.files.list_directory_contents(f"/Volumes/{n}/s/v/dir")], [path])
        with self.assertRaises(BadRequest):
            admin.files.delete_directory(f"/Volumes/{n}/s/v/dir")
        with self.assertRaises(PermissionDenied):
            bob.files.download(path)
        admin.files.delete(path)
        admin.files.delete_directory(f"/Volumes/{n}/s/v/dir")
        with self.assertRaises(NotFound):
            admin.files.get_metadata(path)

    def test_information_schema(self):
        n = self.name
        run(f"CREATE TABLE {n}.s.t (id BIGINT)")
        self.assertEqual(rows(f"SELECT table_schema, table_name, table_type FROM {n}.information_schema.tables"
                              " WHERE table_schema = 's'"), [["s", "t", "MANAGED"]])


class Workspace(unittest.TestCase):
    def test_notebooks(self):
        home = "/Users/admin@example.com/sdk"
        admin.workspace.mkdirs(home)
        admin.workspace.upload(home + "/n.py", io.BytesIO(b"# Databricks notebook source\nprint(1)"),
                               format=tree.ImportFormat.AUTO, overwrite=True)
        found = list(admin.workspace.list(home))
        self.assertEqual([(o.path, o.object_type) for o in found], [(home + "/n", tree.ObjectType.NOTEBOOK)])
        self.assertIn(b"print(1)", admin.workspace.download(home + "/n").read())
        admin.workspace.delete(home, recursive=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
