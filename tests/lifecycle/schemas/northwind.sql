-- A trading company in the shape of Northwind: small integers that nobody numbers, text keys, a table
-- with a key of two columns, and a column of bytes. {number} is an integer key, {bytes} a type.
CREATE TABLE categories (
    category_id {number}, category_name VARCHAR(15) NOT NULL, description TEXT, picture {bytes}
);
CREATE TABLE customers (customer_id CHAR(5) NOT NULL PRIMARY KEY, company_name VARCHAR(40) NOT NULL);
CREATE TABLE suppliers (supplier_id {number}, company_name VARCHAR(40) NOT NULL, homepage TEXT);
CREATE TABLE products (
    product_id {number}, product_name VARCHAR(40) NOT NULL,
    supplier_id SMALLINT REFERENCES suppliers (supplier_id),
    category_id SMALLINT REFERENCES categories (category_id),
    unit_price REAL, units_in_stock SMALLINT, discontinued INTEGER NOT NULL
);
CREATE TABLE orders (
    order_id {number}, customer_id CHAR(5) REFERENCES customers (customer_id),
    order_date DATE, freight REAL, ship_name VARCHAR(40)
);
CREATE TABLE order_details (
    order_id SMALLINT NOT NULL REFERENCES orders (order_id),
    product_id SMALLINT NOT NULL REFERENCES products (product_id),
    quantity SMALLINT NOT NULL, PRIMARY KEY (order_id, product_id)
);
INSERT INTO categories VALUES (1, 'Drinks', 'Tea and coffee', NULL);
INSERT INTO customers VALUES ('ABCDE', 'A Big Company');
INSERT INTO suppliers VALUES (1, 'Leaves Ltd', NULL);
INSERT INTO products VALUES (1, 'Green tea', 1, 1, 18, 39, 0), (2, 'Black tea', 1, 1, 19.5, 17, 1);
INSERT INTO orders VALUES (10248, 'ABCDE', '2016-07-04', 32.5, 'Port of Call');
INSERT INTO order_details VALUES (10248, 1, 12);
