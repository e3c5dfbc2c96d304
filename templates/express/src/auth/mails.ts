/** Emails about accounts, each with one link to the front end at PUBLIC_URL. */

import { fingerprint, sign } from "#/auth/tokens.ts";
import type { Settings } from "#/core/config.ts";
import type { Mail } from "#/core/mail.ts";
import type { User } from "#/users/model.ts";

export async function verification(settings: Settings, user: User): Promise<Mail> {
  const token = await sign(settings.SECRET_KEY, "verify-email", settings.EMAIL_TOKEN_SECONDS, {
    sub: user.id,
    email: user.email,
  });
  return {
    to: user.email,
    subject: "Confirm your email address",
    text:
      "Someone created an account with this address. If it was you, confirm the address with the " +
      "link below. If not, you can ignore this email.",
    link: `${settings.PUBLIC_URL}/verify-email?token=${token}`,
  };
}

export async function passwordReset(settings: Settings, user: User): Promise<Mail> {
  const token = await sign(settings.SECRET_KEY, "reset-password", settings.RESET_TOKEN_SECONDS, {
    sub: user.id,
    email: user.email,
    password: fingerprint(user.password_hash),
  });
  return {
    to: user.email,
    subject: "Choose a new password",
    text:
      "Someone asked to reset the password of your account. If it was you, choose a new one with " +
      "the link below. If not, ignore this email; your password stays as it is.",
    link: `${settings.PUBLIC_URL}/reset-password?token=${token}`,
  };
}

export function alreadyRegistered(settings: Settings, email: string): Mail {
  return {
    to: email,
    subject: "You already have an account",
    text:
      "Someone tried to register with this address, but it already has an account. If it was " +
      "you, log in, or reset your password there.",
    link: settings.PUBLIC_URL,
  };
}
