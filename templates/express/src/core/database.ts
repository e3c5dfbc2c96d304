/** The database: SQLite or PostgreSQL, as DATABASE_URL says. */

import { Migrator } from "@mikro-orm/migrations";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import {
  type AbstractSqlDriver,
  type EntitySchema,
  MikroORM,
  type SqlEntityManager,
  SqliteDriver,
  UnderscoreNamingStrategy,
} from "@mikro-orm/sql";
import { CompiledQuery, type DatabaseConnection } from "kysely";
import pg from "pg";
import type { Settings } from "#/core/config.ts";
import { sqliteDialect } from "#/core/sqlite.ts";

export type Database = MikroORM<AbstractSqlDriver, SqlEntityManager>;
export type Dialect = "sqlite" | "postgresql";

/** Constraints are called alike in both databases: ix_items_due_on, uq_items_title. */
class Naming extends UnderscoreNamingStrategy {
  /** A reference is called author_id where it is the id, and author where it is the object. */
  override joinKeyColumnName(name: string, ...more: [string?, boolean?]): string {
    return name.endsWith("_id") ? name : super.joinKeyColumnName(name, ...more);
  }

  override indexName(
    table: string,
    columns: string[],
    type: "primary" | "foreign" | "unique" | "index" | "sequence" | "check" | "default",
  ): string {
    const prefixes = { primary: "pk", foreign: "fk", unique: "uq", index: "ix" };
    const prefix = prefixes[type as keyof typeof prefixes] ?? type;
    return type === "primary" ? `pk_${table}` : [prefix, table, ...columns].join("_");
  }
}

/** A connection that is not used again once the database has not answered in time. */
class Client extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: it passes on all overloads of pg
  override query(...values: any[]): any {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const result = (super.query as any)(...values);
    if (result instanceof Promise) {
      return result.catch((error: unknown) => {
        if (error instanceof Error && error.message === "Query read timeout") {
          this.connection.stream.destroy();
        }
        throw error;
      });
    }
    return result;
  }
}

export function dialectOf(settings: Settings): Dialect {
  return settings.DATABASE_URL.startsWith("sqlite") ? "sqlite" : "postgresql";
}

function connection(settings: Settings, dialect: Dialect) {
  if (dialect === "sqlite") {
    const path = settings.DATABASE_URL.slice("sqlite:///".length);
    return { driver: SqliteDriver, dbName: path, driverOptions: sqliteDialect(path) };
  }
  const milliseconds = settings.DATABASE_TIMEOUT_SECONDS * 1000;
  return {
    driver: PostgreSqlDriver,
    clientUrl: settings.DATABASE_URL,
    pool: { max: settings.DATABASE_POOL_SIZE },
    driverOptions: {
      Client,
      connectionTimeoutMillis: 5000,
      // For a database that hangs; one that works cancels the statement a little earlier.
      query_timeout: milliseconds + 500,
    },
    // Not a parameter of the connection, which PgBouncer would refuse.
    onCreateConnection: async (client: DatabaseConnection) => {
      await client.executeQuery(CompiledQuery.raw(`set statement_timeout = ${milliseconds}`));
    },
  };
}

export function openDatabase(
  settings: Settings,
  entities: readonly EntitySchema[],
  dialect = dialectOf(settings),
): Database {
  return new MikroORM<AbstractSqlDriver, SqlEntityManager>({
    ...(connection(settings, dialect) as object),
    entities: [...entities],
    namingStrategy: Naming,
    extensions: [Migrator],
    forceUtcTimezone: true,
    // A URL of the database could stand in a message.
    logger: () => undefined,
    migrations: {
      path: `migrations/${dialect}`,
      snapshotName: "snapshot",
      snapshotOnMigrate: false,
      emit: "ts",
      fileName: (timestamp, name) => [timestamp, name ?? "migration"].join("_"),
    },
  });
}
