/** Routes of /api/v1/items. */

import { LockMode } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { signedIn } from "#/auth/guard.ts";
import { notFound } from "#/core/errors.ts";
import { checkIfMatch, etag } from "#/core/etag.ts";
import { matches, paginate, select } from "#/core/pages.ts";
import { Routes } from "#/core/router.ts";
import { Item } from "#/items/model.ts";
import {
  ItemCreate,
  ItemQuery,
  ItemRead,
  ItemReadPage,
  ItemUpdate,
  readItem,
} from "#/items/schemas.ts";
import type { User } from "#/users/model.ts";

export const items = new Routes("/api/v1/items", "items");

const searched = ["title", "description"];

items.get(
  "",
  {
    operationId: "list_items",
    summary: "List your items",
    guard: signedIn,
    query: ItemQuery,
    response: ItemReadPage,
  },
  async ({ em, user, query }) => {
    let rows = select(em, Item).where("owner_id", "=", user.id);
    if (query.q) {
      rows = rows.where(matches(query.q, searched));
    }
    if (query.status !== undefined) {
      rows = rows.where("status", "=", query.status);
    }
    return paginate(rows, query, query.sort, readItem);
  },
);

items.post(
  "",
  {
    operationId: "create_item",
    summary: "Create an item",
    guard: signedIn,
    body: ItemCreate,
    status: 201,
    response: ItemRead,
    headers: ["Location", "ETag"],
  },
  async ({ req, res, em, settings, user, body }) => {
    const item = em.create(Item, {
      ...body,
      owner_id: user.id,
    });
    await em.flush();
    res.location(`${settings.ROOT_PATH}${req.path}/${item.id}`);
    res.set("ETag", etag(item));
    return readItem(item);
  },
);

items.get(
  "/:id",
  {
    operationId: "get_item",
    summary: "Return an item",
    guard: signedIn,
    response: ItemRead,
    headers: ["ETag"],
    errors: [404],
  },
  async ({ res, em, user, id }) => {
    const item = await findItem(em, user, id);
    res.set("ETag", etag(item));
    return readItem(item);
  },
);

items.patch(
  "/:id",
  {
    operationId: "update_item",
    summary: "Change an item",
    description: "Change the given fields of an item.",
    guard: signedIn,
    ifMatch: true,
    body: ItemUpdate,
    response: ItemRead,
    headers: ["ETag"],
    errors: [404, 412],
  },
  async ({ req, res, em, user, id, body }) =>
    em.transactional(async (em) => {
      const item = await findItem(em, user, id, LockMode.PESSIMISTIC_WRITE);
      checkIfMatch(req, item);
      em.assign(item, body);
      await em.flush();
      res.set("ETag", etag(item));
      return readItem(item);
    }),
);

items.delete(
  "/:id",
  {
    operationId: "delete_item",
    summary: "Delete an item",
    guard: signedIn,
    ifMatch: true,
    status: 204,
    errors: [404, 412],
  },
  async ({ req, em, user, id }) =>
    em.transactional(async (em) => {
      const item = await findItem(em, user, id, LockMode.PESSIMISTIC_WRITE);
      checkIfMatch(req, item);
      await em.nativeDelete(Item, { id });
    }),
);

async function findItem(
  em: SqlEntityManager,
  user: User,
  id: string,
  lockMode = LockMode.NONE,
): Promise<Item> {
  const where = { id, owner_id: user.id };
  const item = await em.findOne(Item, where, { lockMode });
  if (!item) {
    throw notFound("item");
  }
  return item;
}
