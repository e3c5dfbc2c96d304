/** SQLite through `node:sqlite`, set up for a server. */

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { SqliteDialect } from "kysely";

const WAIT_MILLISECONDS = 5000;
const STATEMENTS = 500;

function bind(value: unknown): SQLInputValue {
  if (typeof value === "boolean") {
    return Number(value);
  }
  return (value instanceof Date ? value.getTime() : value) as SQLInputValue;
}

function toLowerCase(value: unknown): SQLInputValue {
  return (typeof value === "string" ? value.toLowerCase() : value) as SQLInputValue;
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: WAIT_MILLISECONDS });
  database.exec("pragma journal_mode = wal; pragma synchronous = normal");
  // SQLite's own lower() knows ASCII only, and searches compare in lower case.
  database.function("lower", { deterministic: true }, toLowerCase);
  return database;
}

/** A dialect for Kysely, which MikroORM runs its statements with. */
export function sqliteDialect(path: string): SqliteDialect {
  return new SqliteDialect({
    database: async () => {
      const database = open(path);
      const prepared = new Map<string, StatementSync>();

      function prepare(text: string): StatementSync {
        let statement = prepared.get(text);
        if (!statement) {
          statement = database.prepare(text);
          if (prepared.size === STATEMENTS) {
            prepared.clear();
          }
          prepared.set(text, statement);
        }
        return statement;
      }

      return {
        prepare(text) {
          // Take the write lock first: upgrading a read transaction fails when another has written.
          const statement = prepare(text === "begin" ? "begin immediate" : text);
          return {
            reader: statement.columns().length > 0,
            all: (values) => statement.all(...values.map(bind)),
            run: (values) => statement.run(...values.map(bind)),
            iterate: (values) =>
              statement.iterate(...values.map(bind)) as IterableIterator<unknown>,
          };
        },
        close: () => database.close(),
      };
    },
  });
}
