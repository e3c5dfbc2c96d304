/** The entity of items. */

import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { choice, record } from "#/core/record.ts";
import { User } from "#/users/model.ts";

export const itemStatusValues = ["todo", "doing", "done"] as const;

export const Item = defineEntity({
  name: "Item",
  tableName: "items",
  indexes: [
    // For the list of one owner's rows, newest first.
    { name: "ix_items_owner", properties: ["owner_id", "created_at", "id"] },
  ],
  properties: {
    ...record,
    owner_id: () => p.manyToOne(User).mapToPk().deleteRule("cascade"),
    title: p.string().length(200),
    description: p.text().strictNullable(),
    status: choice(itemStatusValues),
    due_on: p.date().strictNullable(),
  },
});

export type Item = InferEntity<typeof Item>;
