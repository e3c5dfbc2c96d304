-- A film rental in the shape of Pagila: stores and staff that refer to each other, a link of two keys, a
-- view, times that the database sets, and types of PostgreSQL's own ({postgres} and the lines after it).
CREATE TABLE language (
    language_id {key}, name CHAR(20) NOT NULL,
    last_update TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE film (
    film_id {key}, title VARCHAR(255) NOT NULL, description TEXT,
    language_id INTEGER NOT NULL REFERENCES language (language_id) ON DELETE RESTRICT,
    rental_rate NUMERIC(4,2) NOT NULL DEFAULT 4.99, length SMALLINT
);
CREATE TABLE actor (actor_id {key}, first_name TEXT NOT NULL, last_name TEXT NOT NULL);
CREATE TABLE film_actor (
    actor_id INTEGER NOT NULL REFERENCES actor (actor_id),
    film_id INTEGER NOT NULL REFERENCES film (film_id), PRIMARY KEY (actor_id, film_id)
);
CREATE TABLE store (store_id {key}, manager_staff_id INTEGER);
CREATE TABLE staff (
    staff_id {key}, first_name TEXT NOT NULL, active BOOLEAN NOT NULL DEFAULT TRUE,
    store_id INTEGER NOT NULL REFERENCES store (store_id)
);
CREATE VIEW film_list AS SELECT film_id, title FROM film;
INSERT INTO language (name) VALUES ('English');
INSERT INTO film (title, description, language_id, rental_rate, length) VALUES
    ('Unit Under Test', 'A tale of a stub and a mock', 1, 0.99, 86), ('Green Build', NULL, 1, 4.99, NULL);
INSERT INTO actor (first_name, last_name) VALUES ('Ada', 'Example');
INSERT INTO film_actor VALUES (1, 1);
INSERT INTO store (manager_staff_id) VALUES (NULL);
INSERT INTO staff (first_name, store_id) VALUES ('Mike', 1);
UPDATE store SET manager_staff_id = 1;
-- postgres
CREATE TYPE mpaa_rating AS ENUM ('G', 'PG-13');
ALTER TABLE film ADD COLUMN rating mpaa_rating DEFAULT 'G';
ALTER TABLE film ADD COLUMN special_features TEXT[];
ALTER TABLE store ADD FOREIGN KEY (manager_staff_id) REFERENCES staff (staff_id);
CREATE TABLE payment (
    payment_id INTEGER NOT NULL, paid_on DATE NOT NULL, PRIMARY KEY (payment_id, paid_on)
) PARTITION BY RANGE (paid_on);
CREATE TABLE payment_2022 PARTITION OF payment FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
