/** Demonstration data for development. */

import { randomBytes } from "node:crypto";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { hashPassword } from "#/auth/passwords.ts";
import { Item } from "#/items/model.ts";
import { User } from "#/users/model.ts";

const ROWS = Array.from({ length: 25 }, (_, index) => index + 1);
const DEMO = "demo@example.com";

/** Make a user with some rows of every resource, once; tell what was made. */
export async function seed(em: SqlEntityManager): Promise<string> {
  if (await em.count(User, { email: DEMO })) {
    return "The demonstration data exists already.";
  }
  const password = process.env.DEMO_PASSWORD || randomBytes(9).toString("base64url");
  const user = em.create(User, {
    email: DEMO,
    name: "Demo",
    password_hash: await hashPassword(password),
    email_verified: true,
  });
  for (const n of ROWS) {
    em.create(Item, {
      owner_id: user.id,
      title: `Title ${n}`,
      description: "Some longer text.",
      status: "todo",
      due_on: `2026-01-${String(n).padStart(2, "0")}`,
    });
  }
  await em.flush();
  return `Log in as ${DEMO} with the password ${password}.`;
}
