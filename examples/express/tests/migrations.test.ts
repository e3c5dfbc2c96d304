import assert from "node:assert/strict";
import { test } from "node:test";
import { openDatabase } from "#/core/database.ts";
import { compareMigrations, hasChanges, migrate } from "#/core/migrations.ts";
import { entities } from "#/entities.ts";
import { seed } from "#/seed.ts";
import { testSettings } from "#/testing.ts";

const settings = testSettings();

test("the migrations have everything that the entities have", async () => {
  assert.equal(await hasChanges(settings, entities), false);
});

test("migrations are applied once, up and down", async (t) => {
  const orm = openDatabase(settings, entities);
  t.after(() => orm.close(true));
  const { missing } = await compareMigrations(orm, settings);
  assert.ok(missing.includes("0001_initial"));

  assert.deepEqual(await migrate(orm, settings), missing);
  assert.deepEqual(await migrate(orm, settings), []);
  assert.deepEqual(await compareMigrations(orm, settings), { missing: [], unknown: [] });
  assert.equal(await orm.schema.getUpdateSchemaSQL(), "");

  await orm.em.fork().execute("insert into mikro_orm_migrations (name) values ('9999_newer')");
  assert.deepEqual((await compareMigrations(orm, settings)).unknown, ["9999_newer"]);
  await orm.em.fork().execute("delete from mikro_orm_migrations where name = '9999_newer'");
  await orm.migrator.down({ to: 0 });
});

test("demonstration data is made once", async (t) => {
  const orm = openDatabase(settings, entities);
  t.after(() => orm.close(true));
  await migrate(orm, settings);

  assert.match(await seed(orm.em.fork()), /^Log in as demo@example.com with the password /);
  assert.equal(await seed(orm.em.fork()), "The demonstration data exists already.");
});
