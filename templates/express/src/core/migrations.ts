/** Migrations: applied in order, written from changed entities, and checked before serving. */

import { glob } from "node:fs/promises";
import { basename } from "node:path";
import type { Settings } from "#/core/config.ts";
import { type Database, type Dialect, dialectOf, openDatabase } from "#/core/database.ts";

type Entities = Parameters<typeof openDatabase>[1];

const LOCK = 7_315_482_961;

/** Apply what is pending. Two at once are safe: one waits for the other. */
export async function migrate(orm: Database, settings: Settings): Promise<string[]> {
  const em = orm.em.fork();
  if (dialectOf(settings) === "sqlite") {
    // SQLite changes a table by making it anew: dropping the old one would delete all that refers
    // to it. Migrations turn that off as well, but in a transaction SQLite ignores it.
    await em.execute("pragma foreign_keys = off");
    try {
      return await applyAll(orm);
    } finally {
      await em.execute("pragma foreign_keys = on");
    }
  }
  await em.begin();
  await em.execute(`select pg_advisory_xact_lock(${LOCK})`);
  try {
    return await applyAll(orm);
  } finally {
    await em.commit();
  }
}

async function applyAll(orm: Database): Promise<string[]> {
  const applied = await orm.migrator.up();
  return applied.map((migration) => migration.name);
}

/** Write a migration of what the entities have changed, for each database; tell the files. */
export async function makeMigrations(
  settings: Settings,
  entities: Entities,
  options: { name: string; empty: boolean },
): Promise<string[]> {
  const files: string[] = [];
  for (const dialect of ["sqlite", "postgresql"] as const) {
    // What differs is between the entities and the snapshot, without a server.
    const orm = openDatabase(offline(settings, dialect), entities);
    try {
      const { fileName } = await orm.migrator.create(undefined, options.empty, false, options.name);
      if (fileName) {
        files.push(`migrations/${dialect}/${fileName}`);
      }
    } finally {
      await orm.close(true);
    }
  }
  return files;
}

/** Whether the entities have changes that no migration has. */
export async function hasChanges(settings: Settings, entities: Entities): Promise<boolean> {
  for (const dialect of ["sqlite", "postgresql"] as const) {
    const orm = openDatabase(offline(settings, dialect), entities);
    try {
      if (await orm.migrator.checkSchema()) {
        return true;
      }
    } finally {
      await orm.close(true);
    }
  }
  return false;
}

function offline(settings: Settings, dialect: Dialect): Settings {
  const url = dialect === "sqlite" ? "sqlite:///:memory:" : "postgresql://localhost/none";
  return { ...settings, DATABASE_URL: url };
}

interface Difference {
  /** Migrations that the database lacks. */
  missing: string[];
  /** Migrations of the database that the code lacks. */
  unknown: string[];
}

/** Compare the migrations of the database with those of the code, without writing. */
export async function compareMigrations(orm: Database, settings: Settings): Promise<Difference> {
  const known: string[] = [];
  for await (const file of glob(`migrations/${dialectOf(settings)}/*.ts`)) {
    known.push(basename(file, ".ts"));
  }
  const applied = await appliedMigrations(orm);
  return {
    missing: known.filter((name) => !applied.includes(name)).sort(),
    unknown: applied.filter((name) => !known.includes(name)).sort(),
  };
}

async function appliedMigrations(orm: Database): Promise<string[]> {
  try {
    const rows = await orm.em
      .fork()
      .execute<{ name: string }[]>("select name from mikro_orm_migrations");
    return rows.map((row) => row.name);
  } catch (error) {
    if (error instanceof Error && /no such table|does not exist/.test(error.message)) {
      return [];
    }
    throw error;
  }
}
