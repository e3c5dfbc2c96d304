/**
 * Registration, login, refresh and passwords.
 *
 * Hashing takes long on purpose. No transaction is open while it runs, so that it holds neither a
 * lock nor a connection.
 */

import { LockMode, UniqueConstraintViolationException } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { type Caller, unauthorized } from "#/auth/guard.ts";
import { type AccountTables, Session } from "#/auth/model.ts";
import { hashPassword, verifyPassword } from "#/auth/passwords.ts";
import type { ChangePassword, Login, Register, ResetPassword, TokenPair } from "#/auth/schemas.ts";
import {
  fingerprint,
  hashRefreshToken,
  newRefreshToken,
  read,
  sessionOf,
  sign,
} from "#/auth/tokens.ts";
import type { Settings } from "#/core/config.ts";
import { Problem } from "#/core/errors.ts";
import { User } from "#/users/model.ts";

/** Create the account; undefined if there is one with this email address. */
export async function register(
  em: SqlEntityManager,
  { email, password, name }: z.output<typeof Register>,
): Promise<User | undefined> {
  const password_hash = await hashPassword(password);
  const user = em.create(User, { email, name, password_hash });
  try {
    await em.flush();
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) {
      return undefined;
    }
    throw error;
  }
  return user;
}

export async function findActiveUser(em: SqlEntityManager, email: string): Promise<User | null> {
  return em.findOne(User, { email, is_active: true });
}

export async function logIn(
  em: SqlEntityManager,
  settings: Settings,
  { email, password }: z.output<typeof Login>,
  device: Pick<Session, "user_agent" | "ip">,
): Promise<TokenPair> {
  const user = await findActiveUser(em, email);
  const matches = await verifyPassword(password, user?.password_hash);
  if (!user || !matches) {
    throw invalidCredentials();
  }
  const id = uuidv7();
  const refreshToken = newRefreshToken(id);
  await em.transactional(async (em) => {
    // The password may have been changed during the comparison.
    const { id: userId, password_hash } = user;
    const unchanged = await em.findOne(
      User,
      { id: userId, password_hash, is_active: true },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (!unchanged) {
      throw invalidCredentials();
    }
    await em.nativeDelete(Session, { user_id: userId, expires_at: { $lt: new Date() } });
    em.create(Session, {
      id,
      user_id: userId,
      refresh_hash: hashRefreshToken(refreshToken),
      expires_at: refreshExpiry(settings),
      ...device,
    });
  });
  return tokenPair(settings, id, refreshToken);
}

function invalidCredentials(): Problem {
  return unauthorized("invalid-credentials", "The email address or the password is wrong.");
}

function refreshExpiry(settings: Settings): Date {
  return new Date(Date.now() + settings.REFRESH_TOKEN_SECONDS * 1000);
}

async function tokenPair(
  settings: Settings,
  sessionId: string,
  refreshToken: string,
): Promise<TokenPair> {
  const seconds = settings.ACCESS_TOKEN_SECONDS;
  return {
    access_token: await sign(settings.SECRET_KEY, "access", seconds, { sub: sessionId }),
    refresh_token: refreshToken,
    token_type: "Bearer",
    expires_in: seconds,
  };
}

/**
 * Exchange a refresh token for a new pair, once.
 *
 * A token that was used before is in two hands, one of them a thief's, so the session ends
 * (RFC 9700, section 4.14.2); so does one whose secret part is wrong. Comparing and replacing is
 * one statement, so that one of several concurrent requests wins.
 */
export async function refresh(
  em: SqlEntityManager,
  settings: Settings,
  refreshToken: string,
): Promise<TokenPair> {
  const id = sessionOf(refreshToken);
  if (!id) {
    throw unauthorized("invalid-token", "The refresh token is invalid.");
  }
  const given = hashRefreshToken(refreshToken);
  const successor = newRefreshToken(id);
  const swapped = await em
    .getKysely<AccountTables>({ convertValues: true })
    .updateTable("sessions")
    .set({
      refresh_hash: hashRefreshToken(successor),
      last_used_at: new Date(),
      expires_at: refreshExpiry(settings),
    })
    .where("id", "=", id)
    .where("refresh_hash", "=", given)
    .where("expires_at", ">", new Date())
    .where("user_id", "in", (db) =>
      db.selectFrom("users").select("id").where("is_active", "=", true),
    )
    .executeTakeFirst();
  if (swapped.numUpdatedRows > 0n) {
    return tokenPair(settings, id, successor);
  }
  const reused = await em.nativeDelete(Session, { id, refresh_hash: { $ne: given } });
  throw reused > 0
    ? unauthorized("refresh-token-reused", "The refresh token was used before.")
    : unauthorized("invalid-token", "The refresh token is invalid or expired.");
}

export async function verifyEmail(
  em: SqlEntityManager,
  settings: Settings,
  token: string,
): Promise<void> {
  const claims = await read(settings.SECRET_KEY, "verify-email", token);
  const verified =
    claims &&
    (await em.nativeUpdate(
      User,
      { id: claims.sub, email: String(claims.email), email_verified: false },
      { email_verified: true, updated_at: new Date() },
    ));
  if (!verified) {
    throw invalidLink();
  }
}

export async function resetPassword(
  em: SqlEntityManager,
  settings: Settings,
  { token, new_password }: z.output<typeof ResetPassword>,
): Promise<void> {
  const claims = await read(settings.SECRET_KEY, "reset-password", token);
  const user = claims && (await em.findOne(User, { id: claims.sub, is_active: true }));
  const isFresh =
    user?.email === claims?.email && claims?.password === fingerprint(user?.password_hash ?? "");
  if (!user || !isFresh) {
    throw invalidLink();
  }
  const password_hash = await hashPassword(new_password);
  await em.transactional(async (em) => {
    // The link was emailed, so the user can read email at this address.
    const changes = { password_hash, email_verified: true };
    if (!(await replacePassword(em, user, changes))) {
      throw invalidLink();
    }
    await em.nativeDelete(Session, { user_id: user.id });
  });
}

export async function changePassword(
  em: SqlEntityManager,
  { user, session }: Caller,
  { current_password, new_password }: z.output<typeof ChangePassword>,
): Promise<void> {
  if (!(await verifyPassword(current_password, user.password_hash))) {
    throw wrongPassword("The current password is wrong.");
  }
  const password_hash = await hashPassword(new_password);
  await em.transactional(async (em) => {
    if (!(await replacePassword(em, user, { password_hash }))) {
      throw wrongPassword("The current password has just been changed.");
    }
    await em.nativeDelete(Session, { user_id: user.id, id: { $ne: session.id } });
  });
}

/** Store the new hash, unless the password was changed in the meantime. */
async function replacePassword(
  em: SqlEntityManager,
  { id, password_hash }: User,
  changes: { password_hash: string; email_verified?: boolean },
): Promise<boolean> {
  const replaced = await em.nativeUpdate(
    User,
    { id, password_hash },
    { ...changes, updated_at: new Date() },
  );
  return replaced > 0;
}

function wrongPassword(detail: string): Problem {
  return new Problem(403, { type: "wrong-password", detail });
}

function invalidLink(): Problem {
  return new Problem(400, {
    type: "invalid-token",
    detail: "This link is invalid, has been used or has expired.",
  });
}
