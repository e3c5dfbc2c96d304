/** Changes of accounts. */

import { LockMode } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { Session } from "#/auth/model.ts";
import { hashPassword } from "#/auth/passwords.ts";
import { conflict, notFound } from "#/core/errors.ts";
import { User } from "#/users/model.ts";

type Changes = Partial<Pick<User, "name" | "role" | "is_active">>;

/** Change an account. Deactivating it ends all of its sessions. */
export async function changeUser(
  em: SqlEntityManager,
  id: string,
  changes: Changes,
): Promise<User> {
  return em.transactional(async (em) => {
    if (changes.is_active === false || changes.role === "user") {
      // Before the account itself is locked, so that everybody locks in the same order.
      await refuseLastAdmin(em, id);
    }
    const user = await em.findOne(User, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!user) {
      throw notFound("user");
    }
    em.assign(user, changes);
    await em.flush();
    if (changes.is_active === false) {
      // In the same transaction, which a login that has begun waits for.
      await em.nativeDelete(Session, { user_id: id });
    }
    return user;
  });
}

export async function deleteUser(em: SqlEntityManager, id: string): Promise<void> {
  await em.transactional(async (em) => {
    await refuseLastAdmin(em, id);
    await em.nativeDelete(User, { id });
  });
}

/** The locks keep two administrators from demoting each other at once. */
async function refuseLastAdmin(em: SqlEntityManager, id: string): Promise<void> {
  const admins = await em.find(
    User,
    { role: "admin", is_active: true },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: "asc" } },
  );
  if (admins.length === 1 && admins[0]?.id === id) {
    throw conflict("The last administrator cannot be demoted, deactivated or deleted.");
  }
}

/**
 * Create or promote an administrator; tell whether the account is new.
 *
 * Throws for an account that anybody may have registered.
 */
export async function saveAdmin(
  em: SqlEntityManager,
  email: string,
  password: string,
): Promise<boolean> {
  const user = await em.findOne(User, { email });
  if (user && !(user.email_verified && user.is_active)) {
    throw conflict(`The account ${email} is not verified or not active.`);
  }
  if (user) {
    user.role = "admin";
  } else {
    const password_hash = await hashPassword(password);
    em.create(User, { email, name: null, password_hash, role: "admin", email_verified: true });
  }
  await em.flush();
  return !user;
}
