/** Passwords: hashing with Argon2id, and a list of common ones to refuse. */

import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { dictionary } from "@zxcvbn-ts/language-common";

/** Each hash takes 64 MiB while it is computed, in one of the four threads of libuv. */
export const cost = { memoryCost: 65_536, timeCost: 3, parallelism: 4 };

let unused: Promise<string> | undefined;

export async function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Compare; an unknown account, without a hash, takes as long as a wrong password. */
export async function verifyPassword(password: string, stored?: string): Promise<boolean> {
  if (stored !== undefined) {
    return verify(stored, password);
  }
  unused ??= hashPassword(randomBytes(16).toString("hex"));
  await verify(await unused, password);
  return false;
}

let common: Set<string> | undefined;

export function isCommon(password: string): boolean {
  common ??= new Set(dictionary["passwords-common"]);
  return common.has(password.toLowerCase());
}
