-- A music shop in the shape of Chinook: quoted names in CamelCase. {key} is an integer key that the
-- database numbers.
CREATE TABLE "Artist" ("ArtistId" {key}, "Name" VARCHAR(120));
CREATE TABLE "Album" (
    "AlbumId" {key}, "Title" VARCHAR(160) NOT NULL,
    "ArtistId" INTEGER NOT NULL REFERENCES "Artist" ("ArtistId")
);
CREATE TABLE "Employee" (
    "EmployeeId" {key}, "LastName" VARCHAR(20) NOT NULL, "FirstName" VARCHAR(20) NOT NULL,
    "ReportsTo" INTEGER REFERENCES "Employee" ("EmployeeId"), "HireDate" TIMESTAMP
);
CREATE TABLE "Genre" ("GenreId" {key}, "Name" VARCHAR(120));
CREATE TABLE "Track" (
    "TrackId" {key}, "Name" VARCHAR(200) NOT NULL,
    "AlbumId" INTEGER REFERENCES "Album" ("AlbumId"),
    "GenreId" INTEGER REFERENCES "Genre" ("GenreId"),
    "Milliseconds" INTEGER NOT NULL, "UnitPrice" NUMERIC(10,2) NOT NULL
);
CREATE TABLE "Playlist" ("PlaylistId" {key}, "Name" VARCHAR(120));
CREATE TABLE "PlaylistTrack" (
    "PlaylistId" INTEGER NOT NULL REFERENCES "Playlist" ("PlaylistId"),
    "TrackId" INTEGER NOT NULL REFERENCES "Track" ("TrackId"), PRIMARY KEY ("PlaylistId", "TrackId")
);
INSERT INTO "Artist" ("Name") VALUES ('The Placeholders'), ('Null and Void');
INSERT INTO "Album" ("Title", "ArtistId") VALUES ('First Fixtures', 1), ('Second Takes', 1);
INSERT INTO "Employee" ("LastName", "FirstName", "ReportsTo", "HireDate") VALUES
    ('Reed', 'Ann', NULL, '2019-08-14 00:00:00'), ('Stone', 'Ben', 1, '2020-05-01 12:30:00');
INSERT INTO "Genre" ("Name") VALUES ('Rock');
INSERT INTO "Track" ("Name", "AlbumId", "GenreId", "Milliseconds", "UnitPrice") VALUES
    ('Setup', 1, 1, 343719, 0.99), ('Teardown', 2, NULL, 1000, 1.99);
INSERT INTO "Playlist" ("Name") VALUES ('Quiet');
INSERT INTO "PlaylistTrack" VALUES (1, 1);
