/** Request and response bodies of /auth. */

import { z } from "zod";
import type { Session } from "#/auth/model.ts";
import { isCommon } from "#/auth/passwords.ts";
import { pageOf, pageQuery } from "#/core/pages.ts";
import { createdAt, email, id, plainText, text, time } from "#/core/values.ts";
import { userName } from "#/users/schemas.ts";

const password = text(0, 128, "The current password.");
export const newPassword = text(8, 128, "8 to 128 characters, no common password.").refine(
  (value) => !isCommon(value),
  "is one of the most common passwords",
);

/** The longest, emailed to an address of 254 characters, has about 650. */
function token(description: string) {
  return text(0, 1000, description);
}

export const Register = z
  .object({
    email,
    password: newPassword,
    name: userName.nullable().default(null).meta({ description: "Name of the person." }),
  })
  .meta({ id: "Register" });

export const Login = z.object({ email, password }).meta({ id: "Login" });

export const LoginForm = z
  .object({
    grant_type: z.enum(["password"]).meta({ description: "Always `password`." }),
    username: email.meta({ description: "Email address of the account." }),
    password,
  })
  .meta({ id: "LoginForm" });

export const Refresh = z
  .object({ refresh_token: token("The newest of this session.") })
  .meta({ id: "Refresh" });

export const EmailAddress = z.object({ email }).meta({ id: "EmailAddress" });

const emailed = token("From the link in the email.");

export const EmailToken = z.object({ token: emailed }).meta({ id: "EmailToken" });

export const ResetPassword = z
  .object({ token: emailed, new_password: newPassword })
  .meta({ id: "ResetPassword" });

export const ChangePassword = z
  .object({ current_password: password, new_password: newPassword })
  .meta({ id: "ChangePassword" });

export const TokenPair = z
  .object({
    access_token: plainText.meta({ description: "For the header `Authorization: Bearer ...`." }),
    refresh_token: plainText.meta({ description: "For /auth/refresh, once." }),
    token_type: z.enum(["Bearer"]).meta({ description: "Scheme of the token." }),
    expires_in: z.int().meta({ description: "Seconds until the access token expires." }),
  })
  .meta({ id: "TokenPair" });

export type TokenPair = z.input<typeof TokenPair>;

export const SessionRead = z
  .object({
    id,
    current: z.boolean().meta({ description: "Whether this is the session of the request." }),
    user_agent: z.string().meta({ description: "Browser or program that logged in." }),
    ip: z.string().meta({ description: "IP address that logged in." }),
    created_at: createdAt,
    last_used_at: time("Time of the last refresh, in UTC."),
  })
  .meta({ id: "SessionRead" });

export const SessionReadPage = pageOf(SessionRead, "SessionReadPage", "A page of sessions.");

export const SessionQuery = z.object(pageQuery);

export function readSession(session: Session, currentId: string): z.input<typeof SessionRead> {
  const { id, user_agent, ip, created_at, last_used_at } = session;
  return { id, current: id === currentId, user_agent, ip, created_at, last_used_at };
}
