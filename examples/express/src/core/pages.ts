/** Pagination, search and sorting. */

import type { EntitySchema, SqlEntityManager } from "@mikro-orm/sql";
import { type SelectQueryBuilder, sql } from "kysely";
import { z } from "zod";
import { plainText, queryNumber } from "#/core/values.ts";

// Bounded so that the offset fits in 64 bits.
export const pageQuery = {
  page: queryNumber(1, 1_000_000_000, 1, "Number of the page."),
  size: queryNumber(1, 100, 20, "Objects on a page."),
};

export const searchQuery = {
  ...pageQuery,
  q: plainText
    .refine((text) => text.length <= 200, "must have 200 characters or less")
    .default("")
    .meta({ description: "Text to search for.", maxLength: 200 }),
};

/** The parameter `sort`: the name of a field, with `-` for descending. */
export function sortBy(fields: readonly string[], initial: string) {
  return z
    .enum(fields.flatMap((field) => [field, `-${field}`]))
    .default(initial)
    .meta({ description: "Field to sort by, with `-` for descending." });
}

/** A parameter of a list that a field is filtered by. */
export function filterBy<T extends z.ZodType>(value: T) {
  return value.optional().meta({ description: "Only with this value." });
}

export function pageOf<T extends z.ZodType>(item: T, id: string, description: string) {
  return z
    .object({
      items: z.array(item).meta({ description: "The objects of this page." }),
      total: z.int().meta({ description: "Number of objects on all pages." }),
      page: z.int().meta({ description: "Number of this page." }),
      size: z.int().meta({ description: "Most objects on a page." }),
    })
    .meta({ id, description });
}

type Rows<T> = SelectQueryBuilder<Record<string, T>, string, T>;

/** A query for rows of a table. Kysely builds it faster than the unit of work finds objects. */
export function select<T extends object>(em: SqlEntityManager, entity: EntitySchema<T>): Rows<T> {
  const db = em.getKysely<Record<string, T>>({ convertValues: true });
  return db.selectFrom(entity.meta.tableName).selectAll() as unknown as Rows<T>;
}

/** A condition: one of the columns contains the text, without regard to case. */
export function matches(query: string, columns: readonly string[]) {
  const pattern = `%${query.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const conditions = columns.map(
    (column) => sql`lower(${sql.ref(column)}) like lower(${pattern}) escape '\\'`,
  );
  return sql<boolean>`(${sql.join(conditions, sql` or `)})`;
}

interface PageQuery {
  page: number;
  size: number;
}

/** Run a query for one page. */
export async function paginate<T extends object, R>(
  rows: Rows<T>,
  query: PageQuery,
  sort: string,
  read: (row: T) => R,
) {
  const column = sql.ref(sort.replace(/^-/, ""));
  const direction = sort.startsWith("-") ? "desc" : "asc";
  const total = rows.clearSelect().select((eb) => eb.fn.countAll<number | string>().as("total"));
  // One statement for both: one round trip, and the total fits the rows.
  const found = await rows
    .select(total.as("total"))
    // Equal rows are ordered by id, so that no row is on two pages.
    .orderBy(column, (order) => order[direction]().nullsLast())
    .orderBy("id" as never, direction)
    .limit(query.size)
    .offset((query.page - 1) * query.size)
    .execute();
  const counted = found[0] ?? (await total.executeTakeFirst());
  return {
    items: found.map((row) => read(row as T)),
    total: Number(counted?.total ?? 0),
    page: query.page,
    size: query.size,
  };
}
