/** Request and response bodies of /items. */

import { z } from "zod";
import { filterBy, pageOf, searchQuery, sortBy } from "#/core/pages.ts";
import {
  createdAt,
  day,
  described,
  id,
  longText,
  oneOf,
  shortText,
  storedDay,
  storedLongText,
  storedText,
  updatedAt,
  updateOf,
} from "#/core/values.ts";
import { type Item, itemStatusValues } from "#/items/model.ts";

const ItemStatus = oneOf("ItemStatus", itemStatusValues);

const fields = {
  title: shortText,
  description: longText.nullable(),
  status: described(ItemStatus),
  due_on: day.nullable(),
};

export const ItemCreate = z
  .object({
    title: fields.title,
    description: fields.description.default(null),
    status: fields.status.default("todo"),
    due_on: fields.due_on.default(null),
  })
  .meta({ id: "ItemCreate" });

export const ItemUpdate = updateOf(fields, "ItemUpdate");

export const ItemRead = z
  .object({
    id,
    title: storedText,
    description: storedLongText.nullable(),
    status: fields.status,
    due_on: storedDay.nullable(),
    created_at: createdAt,
    updated_at: updatedAt,
  })
  .meta({ id: "ItemRead" });

export const ItemReadPage = pageOf(ItemRead, "ItemReadPage", "A page of items.");

const sortable = ["created_at", "updated_at", "title", "status", "due_on"];

export const ItemQuery = z.object({
  ...searchQuery,
  status: filterBy(ItemStatus),
  sort: sortBy(sortable, "-created_at"),
});

export function readItem(row: Item): z.input<typeof ItemRead> {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    status: row.status,
    due_on: row.due_on,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
