-- The catalog `demo`: a small shop with most of what makes catalogs hard to copy. Statements end with a semicolon; what SQL
-- cannot make (principals, files, a foreign table) is in demo.c.

CREATE CATALOG demo COMMENT 'A shop, with everything that makes a catalog hard to copy. It''s "only" an example.';
CREATE SCHEMA demo.sales COMMENT 'Orders and customers';
CREATE SCHEMA demo.hr COMMENT 'People: filtered and masked';
CREATE SCHEMA demo.analytics COMMENT 'Views on everything else';
CREATE SCHEMA demo.`raw-data` COMMENT 'As delivered' WITH DBPROPERTIES ('layer' = 'bronze', 'demo.owner' = 'ingest');
CREATE SCHEMA demo.zoo COMMENT 'Awkward names';

-- Functions that filters, masks and views need.
CREATE FUNCTION demo.sales.with_tax(amount DECIMAL(10,2) COMMENT 'net', rate DECIMAL(4,2) DEFAULT 0.19)
  RETURNS DECIMAL(12,2) COMMENT 'Gross amount' DETERMINISTIC
  RETURN CAST(amount * (1 + rate) AS DECIMAL(12,2));
CREATE FUNCTION demo.sales.order_class(amount DECIMAL(10,2)) RETURNS STRING
  RETURN CASE WHEN demo.sales.with_tax(amount, 0.19) > 500 THEN 'big' ELSE 'small' END;
CREATE FUNCTION demo.hr.is_visible(country STRING) RETURNS BOOLEAN
  COMMENT 'Row filter: administrators see all, others only Germany'
  RETURN is_account_group_member('admins') OR country = 'DE';
CREATE FUNCTION demo.hr.mask_email(email STRING) RETURNS STRING
  RETURN CASE WHEN is_account_group_member('admins') THEN email ELSE 'hidden' END;
CREATE FUNCTION demo.hr.mask_salary(salary DECIMAL(10,2), country STRING, home STRING) RETURNS DECIMAL(10,2)
  COMMENT 'Column mask with arguments'
  RETURN CASE WHEN is_account_group_member('admins') OR country = home THEN salary END;
CREATE FUNCTION demo.analytics.initials(name STRING) RETURNS STRING LANGUAGE PYTHON COMMENT 'In Python' AS $$
def initials(text):
    # Not demo.sales.customers: a Python function sees its arguments only.
    return "".join(part[0].upper() for part in text.split())

return initials(name) if name else None
$$;

-- Tables with rows.
CREATE TABLE demo.sales.customers (
  id BIGINT NOT NULL COMMENT 'Customer number',
  name STRING COMMENT 'As on the invoice',
  country STRING,
  email STRING,
  created DATE,
  CONSTRAINT customers_pk PRIMARY KEY (id)
) COMMENT 'Everybody who ever ordered' TBLPROPERTIES ('quality' = 'gold', 'owner.team' = 'demo.sales');
INSERT INTO demo.sales.customers VALUES
  (1, 'Ada Lovelace', 'GB', 'ada@example.com', DATE '2023-01-05'),
  (2, 'Carl Friedrich Gauß', 'DE', 'carl@example.com', DATE '2023-02-11'),
  (3, 'Émilie du Châtelet', 'FR', 'emilie@example.com', DATE '2023-03-20'),
  (4, 'Miles O''Brien', 'IE', NULL, DATE '2023-04-01'),
  (5, '数学 太郎', 'JP', 'taro@example.com', NULL);
CREATE TABLE demo.sales.products (
  sku STRING NOT NULL,
  title STRING,
  price DECIMAL(10,2),
  tags ARRAY<STRING>,
  size STRUCT<width: INT, height: INT>,
  CONSTRAINT products_pk PRIMARY KEY (sku)
) COMMENT 'What there is to buy' CLUSTER BY (sku);
INSERT INTO demo.sales.products VALUES
  ('A-1', 'Abacus', 19.90, array('wood', 'classic'), named_struct('width', 20, 'height', 30)),
  ('B-2', 'Slide rule', 45.00, array('steel'), named_struct('width', 30, 'height', 4)),
  ('C-3', 'Difference engine', 99999.00, array(), NULL);
CREATE TABLE demo.sales.orders (
  id BIGINT NOT NULL,
  customer_id BIGINT,
  sku STRING,
  amount DECIMAL(10,2),
  ordered TIMESTAMP,
  note STRING,
  CONSTRAINT orders_pk PRIMARY KEY (id),
  CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES demo.sales.customers (id),
  CONSTRAINT orders_product_fk FOREIGN KEY (sku) REFERENCES demo.sales.products (sku)
) PARTITIONED BY (sku) COMMENT 'One row per order';
ALTER TABLE demo.sales.orders ADD CONSTRAINT amount_positive CHECK (amount > 0);
INSERT INTO demo.sales.orders VALUES
  (1, 1, 'A-1', 19.90, TIMESTAMP '2024-01-02 10:00:00', 'gift'),
  (2, 1, 'B-2', 45.00, TIMESTAMP '2024-01-03 11:30:00', NULL),
  (3, 2, 'C-3', 99999.00, TIMESTAMP '2024-02-01 09:15:30', 'paid from demo.sales.budget'),
  (4, 3, 'A-1', 39.80, TIMESTAMP '2024-02-14 18:45:00', NULL);
INSERT INTO demo.sales.orders VALUES
  (5, 5, 'B-2', 90.00, TIMESTAMP '2024-03-01 00:00:00', 'two of them'),
  (6, 4, 'A-1', 19.90, TIMESTAMP '2024-03-02 12:00:00', '');
UPDATE demo.sales.orders SET note = 'returned' WHERE id = 4;
CREATE TABLE demo.sales.empty_table (a INT, b STRING);
CREATE TABLE demo.sales.external_orders (id BIGINT, amount DOUBLE)
  USING DELTA COMMENT 'Lives outside' LOCATION 's3://demo-external/tables/orders';
INSERT INTO demo.sales.external_orders VALUES (1, 1.5), (2, 2.25), (3, 1e10);
CREATE TABLE demo.`raw-data`.events (
  ts TIMESTAMP, kind STRING, payload STRING, day DATE
) PARTITIONED BY (day) TBLPROPERTIES ('delta.appendOnly' = 'true');
INSERT INTO demo.`raw-data`.events VALUES
  (TIMESTAMP '2024-05-01 08:00:00', 'click', '{"page": "demo.sales", "ms": 12}', DATE '2024-05-01'),
  (TIMESTAMP '2024-05-01 08:00:01', 'view', '{"page": "/", "ms": 7}', DATE '2024-05-01'),
  (TIMESTAMP '2024-05-02 09:30:00', 'click', NULL, DATE '2024-05-02');
CREATE TABLE demo.`raw-data`.`event-types` (kind STRING NOT NULL, label STRING);
ALTER TABLE demo.`raw-data`.`event-types` ADD CONSTRAINT event_types_pk PRIMARY KEY (kind) RELY;
ALTER TABLE demo.`raw-data`.events ALTER COLUMN ts SET NOT NULL;
ALTER TABLE demo.`raw-data`.events ADD CONSTRAINT events_pk PRIMARY KEY (ts TIMESERIES);
INSERT INTO demo.`raw-data`.`event-types` VALUES ('click', 'A click'), ('view', 'A page view');
CREATE TABLE demo.`raw-data`.readings (
  id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10),
  sensor STRING DEFAULT 'unknown',
  value DOUBLE,
  flags BINARY,
  ok BOOLEAN,
  tiny TINYINT, small SMALLINT, ratio FLOAT,
  twice DOUBLE GENERATED ALWAYS AS (value * 2)
) TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported');
INSERT INTO demo.`raw-data`.readings (sensor, value, flags, ok, tiny, small, ratio) VALUES
  ('north', 1.5, X'00FF', true, 1, 300, 0.5), ('south', -2.25, NULL, false, -1, -300, 1.5);
CREATE TABLE demo.hr.employees (
  id BIGINT NOT NULL, name STRING, email STRING, country STRING, salary DECIMAL(10,2), manager BIGINT,
  CONSTRAINT employees_pk PRIMARY KEY (id)
) COMMENT 'Row filter and mask';
INSERT INTO demo.hr.employees VALUES
  (1, 'Grace', 'grace@example.com', 'US', 9000.00, NULL),
  (2, 'Konrad', 'konrad@example.com', 'DE', 8000.00, 1),
  (3, 'Alan', 'alan@example.com', 'GB', 7000.00, 1);
ALTER TABLE demo.hr.employees SET TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported', 'owner.team' = 'people');
ALTER TABLE demo.hr.employees ALTER COLUMN country SET DEFAULT 'DE';
ALTER TABLE demo.hr.employees ADD CONSTRAINT salary_positive CHECK (salary > 0);
ALTER TABLE demo.hr.employees
  ADD CONSTRAINT employees_manager_fk FOREIGN KEY (manager) REFERENCES demo.hr.employees (id) RELY;
ALTER TABLE demo.hr.employees SET ROW FILTER demo.hr.is_visible ON (country);
ALTER TABLE demo.hr.employees ALTER COLUMN email SET MASK demo.hr.mask_email;
ALTER TABLE demo.hr.employees ALTER COLUMN salary SET MASK demo.hr.mask_salary USING COLUMNS (country, 'it''s\\DE');
CREATE TABLE demo.hr.departments (id INT NOT NULL, title STRING, CONSTRAINT departments_pk PRIMARY KEY (id));
ALTER TABLE demo.hr.departments ADD CONSTRAINT departments_title_uq UNIQUE (title);
INSERT INTO demo.hr.departments VALUES (1, 'Engines'), (2, 'Numbers');

-- Names that need care.
CREATE TABLE demo.zoo.`Größe` (id INT, `straße` STRING);
INSERT INTO demo.zoo.`größe` VALUES (1, 'Hauptstraße'), (2, 'Weg');
CREATE TABLE demo.zoo.`back``tick` (id INT);
INSERT INTO demo.zoo.`back``tick` VALUES (1), (2), (3);
CREATE TABLE demo.zoo.`it's"quoted"` (id INT, v STRING) COMMENT 'quotes: '' and "';
INSERT INTO demo.zoo.`it's"quoted"` VALUES (1, 'it''s'), (2, '"x"'), (3, 'back\\slash');
CREATE TABLE demo.zoo.`2024-report` (`order id` INT, `total (EUR)` DECIMAL(10,2), `a,b;c` STRING)
  TBLPROPERTIES ('delta.columnMapping.mode' = 'name');
INSERT INTO demo.zoo.`2024-report` VALUES (1, 10.00, 'x'), (2, 20.50, 'y');
CREATE TABLE demo.zoo.`select` (`from` INT, `where` STRING);
INSERT INTO demo.zoo.`select` VALUES (1, 'here');
CREATE TABLE demo.zoo.demo (demo STRUCT<sales: STRUCT<orders: STRING>>, id INT);
INSERT INTO demo.zoo.demo VALUES (named_struct('sales', named_struct('orders', 'demo.sales.orders')), 1);

-- Views, also across schemas, and not in the order of their names.
CREATE VIEW demo.sales.z_order_lines (order_id COMMENT 'Number of the order', customer, title, gross)
  COMMENT 'Joins three tables of demo.sales'
  AS SELECT o.id, c.name, p.title, demo.sales.with_tax(o.amount, 0.19)
     FROM demo.sales.orders o
     JOIN demo.sales.customers AS c ON c.id = o.customer_id
     LEFT JOIN `demo`.sales.products p ON p.sku = o.sku;
CREATE VIEW demo.analytics.m_by_customer AS
  SELECT customer, count(*) AS orders, sum(gross) AS gross FROM demo.sales.z_order_lines GROUP BY customer;
CREATE VIEW demo.analytics.a_top_customers AS
  WITH demo AS (SELECT * FROM demo.analytics.m_by_customer WHERE gross > 50)
  SELECT demo.customer, demo.gross FROM demo ORDER BY demo.gross DESC;
CREATE VIEW demo.hr.b_report AS SELECT customer, gross FROM demo.analytics.a_top_customers;
CREATE VIEW demo.analytics.strings AS
  -- demo.sales.orders is only a comment here
  SELECT 'demo.sales.orders' AS source, /* demo.hr.employees */ "demo.x" AS other, count(*) AS n FROM demo.sales.orders;
CREATE VIEW demo.analytics.fields AS
  SELECT demo.demo.sales.orders AS text, demo.id FROM demo.zoo.demo AS demo;
CREATE VIEW demo.analytics.unqualified_columns AS
  SELECT demo.sales.orders.id, orders.amount FROM demo.sales.orders WHERE demo.sales.orders.amount < 100;
CREATE VIEW demo.analytics.classes TBLPROPERTIES ('refresh' = 'daily') AS
  SELECT demo.sales.order_class(amount) AS class, count(*) AS n FROM demo.sales.orders GROUP BY demo.sales.order_class(amount);
CREATE VIEW demo.analytics.awkward AS
  SELECT g.id, g.`straße`, b.id AS b FROM demo.zoo.`größe` g LEFT JOIN demo.zoo.`back``tick` b ON b.id = g.id + 1;
CREATE VIEW demo.zoo.`view-with-hyphen` AS SELECT `order id`, `total (EUR)` FROM demo.zoo.`2024-report`;
CREATE VIEW demo.analytics.events_by_kind AS
  SELECT t.label, count(e.ts) AS n FROM demo.`raw-data`.`event-types` t LEFT JOIN demo.`raw-data`.events e ON e.kind = t.kind
  GROUP BY t.label;

CREATE FUNCTION demo.analytics.orders_of(customer BIGINT) RETURNS TABLE (id BIGINT, amount DECIMAL(10,2) COMMENT 'net')
  COMMENT 'Table function'
  RETURN SELECT o.id, o.amount FROM demo.sales.orders o WHERE o.customer_id = customer;

-- What cannot be cloned.
CREATE MATERIALIZED VIEW demo.analytics.orders_by_sku COMMENT 'Materialized' AS
  SELECT sku, count(*) AS orders FROM demo.sales.orders GROUP BY sku;
CREATE STREAMING TABLE demo.`raw-data`.stream_of_events AS SELECT kind, payload FROM STREAM demo.`raw-data`.events;

-- Volumes; their files are written by demo.c.
CREATE VOLUME demo.`raw-data`.landing COMMENT 'Files as they came';
CREATE VOLUME demo.hr.`docs-2024`;
CREATE EXTERNAL VOLUME demo.sales.archive LOCATION 's3://demo-external/volumes/archive' COMMENT 'Outside';

-- Tags, comments, grants, owners.
ALTER CATALOG demo SET TAGS ('env' = 'demo');
ALTER SCHEMA demo.hr SET TAGS ('sensitivity' = 'high');
ALTER TABLE demo.hr.employees SET TAGS ('pii' = 'yes', 'review' = '');
ALTER TABLE demo.hr.employees ALTER COLUMN email SET TAGS ('pii' = 'email');
ALTER TABLE demo.sales.customers ALTER COLUMN email SET TAGS ('pii' = 'email');
ALTER VOLUME demo.`raw-data`.landing SET TAGS ('source' = 'ftp');
ALTER TABLE demo.zoo.`2024-report` ALTER COLUMN `a,b;c` SET TAGS ('b' = 'it''s \\ a', 'ä' = '');
ALTER TABLE demo.sales.z_order_lines ALTER COLUMN gross SET TAGS ('unit' = 'EUR');
ALTER VIEW demo.sales.z_order_lines SET TAGS ('layer' = 'gold');
SET TAG ON FUNCTION demo.hr.mask_email pii = email;
SET TAG ON FUNCTION demo.hr.mask_email reviewed;
COMMENT ON COLUMN demo.hr.employees.email IS 'Masked; it''s "private"';
COMMENT ON COLUMN demo.analytics.m_by_customer.gross IS 'In EUR';
COMMENT ON VOLUME demo.hr.`docs-2024` IS 'Documents of the year';
COMMENT ON COLUMN demo.sales.orders.note IS 'Free text; it''s often empty';
GRANT USE CATALOG ON CATALOG demo TO `account users`;
GRANT ALL PRIVILEGES ON CATALOG demo TO `admins`;
GRANT USE SCHEMA ON SCHEMA demo.sales TO `analysts`;
GRANT SELECT ON SCHEMA demo.sales TO `analysts`;
GRANT SELECT, MODIFY ON TABLE demo.sales.orders TO `etl@example.com`;
GRANT USE SCHEMA, EXECUTE ON SCHEMA demo.analytics TO `analysts`;
GRANT SELECT ON VIEW demo.analytics.a_top_customers TO `analysts`;
GRANT READ VOLUME ON VOLUME demo.`raw-data`.landing TO `analysts`;
GRANT APPLY TAG, WRITE VOLUME ON VOLUME demo.hr.`docs-2024` TO `etl@example.com`;
GRANT MANAGE ON SCHEMA demo.hr TO `7c1f3a52-0d2c-4b8e-9d55-6f1a1f2b3c4d`;
GRANT SELECT ON TABLE demo.hr.employees TO `ann@example.com`;
GRANT ALL PRIVILEGES, MANAGE ON TABLE demo.zoo.`back``tick` TO `analysts`;
GRANT EXECUTE ON FUNCTION demo.sales.with_tax TO `account users`;
ALTER SCHEMA demo.`raw-data` OWNER TO `etl@example.com`;
ALTER TABLE demo.`raw-data`.events OWNER TO `etl@example.com`;
ALTER VIEW demo.analytics.m_by_customer OWNER TO `analysts`;
ALTER TABLE demo.hr.departments OWNER TO `7c1f3a52-0d2c-4b8e-9d55-6f1a1f2b3c4d`;
ALTER VOLUME demo.`raw-data`.landing OWNER TO `analysts`;
ALTER SCHEMA demo.sales SET DBPROPERTIES ('k''ey' = 'v"al\\ue');
