/** Routes of /api/v1/auth. */

import type { Request } from "express";
import { signedIn } from "#/auth/guard.ts";
import { alreadyRegistered, passwordReset, verification } from "#/auth/mails.ts";
import { Session } from "#/auth/model.ts";
import {
  ChangePassword,
  EmailAddress,
  EmailToken,
  Login,
  LoginForm,
  Refresh,
  Register,
  ResetPassword,
  readSession,
  SessionQuery,
  SessionReadPage,
  TokenPair,
} from "#/auth/schemas.ts";
import * as service from "#/auth/service.ts";
import { sessionOf } from "#/auth/tokens.ts";
import { notFound } from "#/core/errors.ts";
import { clientIp } from "#/core/limits.ts";
import { paginate, select } from "#/core/pages.ts";
import { Routes } from "#/core/router.ts";

export const auth = new Routes("/api/v1/auth", "auth");

function deviceOf(req: Request) {
  return { user_agent: (req.get("user-agent") ?? "").slice(0, 200), ip: clientIp(req) };
}

auth.post(
  "/register",
  {
    operationId: "register",
    summary: "Create an account",
    description:
      "The answer is 202 whether or not the email address was free; an email says which. Logging " +
      "in does not wait until the address is verified.",
    body: Register,
    status: 202,
    errors: [429],
  },
  async ({ req, em, settings, limiter, mailer, body }) => {
    await limiter.hit("register", clientIp(req), body.email);
    const user = await service.register(em, body);
    mailer.send(
      user ? await verification(settings, user) : alreadyRegistered(settings, body.email),
    );
  },
);

auth.post(
  "/login",
  {
    operationId: "log_in",
    summary: "Log in",
    description: "Start a session, and return its first pair of tokens.",
    body: Login,
    response: TokenPair,
    errors: [401, 429],
  },
  async ({ req, em, settings, limiter, body }) => {
    await limiter.hit("login", clientIp(req), body.email);
    return service.logIn(em, settings, body, deviceOf(req));
  },
);

auth.post(
  "/token",
  {
    operationId: "log_in_with_form",
    summary: "Log in with a form",
    description: "Log in with a form, as clients of OAuth 2 do (RFC 6749, section 4.3).",
    body: LoginForm,
    form: true,
    response: TokenPair,
    errors: [401, 429],
  },
  async ({ req, em, settings, limiter, body }) => {
    const { username: email, password } = body;
    await limiter.hit("login", clientIp(req), email);
    return service.logIn(em, settings, { email, password }, deviceOf(req));
  },
);

auth.post(
  "/refresh",
  {
    operationId: "refresh",
    summary: "Exchange a refresh token",
    description:
      "Exchange a refresh token for a new pair. A second use of the same one ends the session.",
    body: Refresh,
    response: TokenPair,
    errors: [401, 429],
  },
  async ({ req, em, settings, limiter, body }) => {
    await limiter.hit("refresh", clientIp(req), sessionOf(body.refresh_token));
    return service.refresh(em, settings, body.refresh_token);
  },
);

auth.post(
  "/logout",
  { operationId: "log_out", summary: "End this session", guard: signedIn, status: 204 },
  async ({ em, session }) => {
    await em.nativeDelete(Session, { id: session.id });
  },
);

auth.get(
  "/sessions",
  {
    operationId: "list_sessions",
    summary: "List the devices that are logged in",
    guard: signedIn,
    query: SessionQuery,
    response: SessionReadPage,
  },
  async ({ em, user, session, query }) => {
    const rows = select(em, Session)
      .where("user_id", "=", user.id)
      .where("expires_at", ">", new Date());
    return paginate(rows, query, "-last_used_at", (row) => readSession(row, session.id));
  },
);

auth.delete(
  "/sessions",
  {
    operationId: "end_other_sessions",
    summary: "End all sessions but this one",
    guard: signedIn,
    status: 204,
  },
  async ({ em, user, session }) => {
    await em.nativeDelete(Session, { user_id: user.id, id: { $ne: session.id } });
  },
);

auth.delete(
  "/sessions/:id",
  {
    operationId: "end_session",
    summary: "End one session",
    description: "End one session, which logs the device out.",
    guard: signedIn,
    status: 204,
    errors: [404],
  },
  async ({ em, user, id }) => {
    const ended = await em.nativeDelete(Session, { id, user_id: user.id });
    if (ended === 0) {
      throw notFound("session");
    }
  },
);

auth.post(
  "/email/resend",
  {
    operationId: "resend_verification",
    summary: "Send the verification email again",
    description: "Send the verification email again, if there is an unverified account.",
    body: EmailAddress,
    status: 202,
    errors: [429],
  },
  async ({ req, em, settings, limiter, mailer, body }) => {
    await limiter.hit("mail", clientIp(req), body.email);
    const user = await service.findActiveUser(em, body.email);
    if (user && !user.email_verified) {
      mailer.send(await verification(settings, user));
    }
  },
);

auth.post(
  "/email/verify",
  {
    operationId: "verify_email",
    summary: "Verify the email address",
    description: "Verify the email address with the token from the email.",
    body: EmailToken,
    status: 204,
    errors: [400, 429],
  },
  async ({ req, em, settings, limiter, body }) => {
    await limiter.hit("token", clientIp(req));
    await service.verifyEmail(em, settings, body.token);
  },
);

auth.post(
  "/password/forgot",
  {
    operationId: "forgot_password",
    summary: "Ask for a new password",
    description: "Send an email with a link to choose a new password, if there is an account.",
    body: EmailAddress,
    status: 202,
    errors: [429],
  },
  async ({ req, em, settings, limiter, mailer, body }) => {
    await limiter.hit("mail", clientIp(req), body.email);
    const user = await service.findActiveUser(em, body.email);
    if (user) {
      mailer.send(await passwordReset(settings, user));
    }
  },
);

auth.post(
  "/password/reset",
  {
    operationId: "reset_password",
    summary: "Choose a new password",
    description: "Choose a new password with the token from the email. This ends all sessions.",
    body: ResetPassword,
    status: 204,
    errors: [400, 429],
  },
  async ({ req, em, settings, limiter, body }) => {
    await limiter.hit("token", clientIp(req));
    await service.resetPassword(em, settings, body);
  },
);

auth.post(
  "/password/change",
  {
    operationId: "change_password",
    summary: "Change the password",
    description: "Change the password. This ends all other sessions.",
    guard: signedIn,
    body: ChangePassword,
    status: 204,
    errors: [403, 429],
  },
  async ({ req, em, limiter, user, session, body }) => {
    await limiter.hit("login", clientIp(req), user.email);
    await service.changePassword(em, { user, session }, body);
  },
);
