/** User accounts. */

import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { choice, record } from "#/core/record.ts";

export const roles = ["user", "admin"] as const;

export const User = defineEntity({
  name: "User",
  tableName: "users",
  properties: {
    ...record,
    // Always in lower case, so that unique means unique without regard to case.
    email: p.string().length(254).unique(),
    name: p.string().length(200).strictNullable(),
    password_hash: p.string().length(200),
    role: choice(roles).onCreate(() => "user"),
    is_active: p.boolean().onCreate(() => true),
    email_verified: p.boolean().onCreate(() => false),
  },
});

export type User = InferEntity<typeof User>;
