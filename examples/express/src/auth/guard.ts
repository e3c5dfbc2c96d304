/** Authentication: a route with `guard: signedIn` needs an access token. */

import type { AccountTables, Session } from "#/auth/model.ts";
import { read } from "#/auth/tokens.ts";
import { Problem } from "#/core/errors.ts";
import type { Context, Guard } from "#/core/router.ts";
import type { User } from "#/users/model.ts";

export interface Caller {
  user: User;
  session: Pick<Session, "id">;
}

const SCHEME = "Login";

/** The page /docs asks for email address and password, and sends them to this path. */
export function securitySchemes(rootPath: string) {
  return {
    [SCHEME]: {
      type: "oauth2",
      description: "Your email address is the username. Leave the client's fields empty.",
      flows: { password: { tokenUrl: `${rootPath}/api/v1/auth/token`, scopes: {} } },
    },
  };
}

export function unauthorized(type: string, detail: string): Problem {
  return new Problem(401, { type, detail, headers: { "WWW-Authenticate": "Bearer" } });
}

function bearer(header = ""): string | undefined {
  const [scheme = "", token] = header.split(" ");
  return scheme.toLowerCase() === "bearer" ? token : undefined;
}

async function authenticate({ req, em, settings }: Context): Promise<Caller> {
  const token = bearer(req.get("authorization"));
  if (!token) {
    throw unauthorized("not-authenticated", "Send an access token.");
  }
  const claims = await read(settings.SECRET_KEY, "access", token);
  // Session and user in one query, so that logout, revocation and deactivation act at once.
  const user =
    claims &&
    (await em
      .getKysely<AccountTables>({ convertValues: true })
      .selectFrom("users")
      .innerJoin("sessions", "sessions.user_id", "users.id")
      .selectAll("users")
      .where("sessions.id", "=", claims.sub)
      .where("sessions.expires_at", ">", new Date())
      .where("users.is_active", "=", true)
      .executeTakeFirst());
  if (!user) {
    throw unauthorized("invalid-token", "The access token is invalid or expired.");
  }
  return { user: user as User, session: { id: claims.sub } };
}

export const signedIn: Guard<Caller> = { check: authenticate, errors: [401], scheme: SCHEME };

export const admin: Guard<Caller> = {
  async check(context) {
    const caller = await authenticate(context);
    if (caller.user.role !== "admin") {
      throw new Problem(403, {
        type: "forbidden",
        detail: "Only an administrator may do this.",
      });
    }
    return caller;
  },
  errors: [401, 403],
  scheme: SCHEME,
};
