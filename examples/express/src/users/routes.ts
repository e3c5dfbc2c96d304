/** Routes of /api/v1/users. */

import { admin, signedIn } from "#/auth/guard.ts";
import { notFound } from "#/core/errors.ts";
import { matches, paginate, select } from "#/core/pages.ts";
import { Routes } from "#/core/router.ts";
import { User } from "#/users/model.ts";
import {
  readUser,
  readUserForAdmin,
  UserForAdmin,
  UserForAdminPage,
  UserQuery,
  UserRead,
  UserUpdate,
  UserUpdateByAdmin,
} from "#/users/schemas.ts";
import { changeUser, deleteUser } from "#/users/service.ts";

export const users = new Routes("/api/v1/users", "users");

users.get(
  "/me",
  { operationId: "get_me", summary: "Return your account", guard: signedIn, response: UserRead },
  ({ user }) => readUser(user),
);

users.patch(
  "/me",
  {
    operationId: "update_me",
    summary: "Change your account",
    guard: signedIn,
    body: UserUpdate,
    response: UserRead,
    errors: [409],
  },
  async ({ em, user, body }) => readUser(await changeUser(em, user.id, body)),
);

users.delete(
  "/me",
  {
    operationId: "delete_me",
    summary: "Delete your account",
    description: "Delete your account and everything that belongs to it.",
    guard: signedIn,
    status: 204,
    errors: [409],
  },
  async ({ em, user }) => deleteUser(em, user.id),
);

users.get(
  "",
  {
    operationId: "list_users",
    summary: "List all users",
    guard: admin,
    query: UserQuery,
    response: UserForAdminPage,
  },
  async ({ em, query }) => {
    let rows = select(em, User);
    if (query.q) {
      rows = rows.where(matches(query.q, ["email", "name"]));
    }
    for (const name of ["role", "is_active", "email_verified"] as const) {
      if (query[name] !== undefined) {
        rows = rows.where(name, "=", query[name]);
      }
    }
    return paginate(rows, query, query.sort, readUserForAdmin);
  },
);

users.get(
  "/:id",
  {
    operationId: "get_user",
    summary: "Return a user",
    guard: admin,
    response: UserForAdmin,
    errors: [404],
  },
  async ({ em, id }) => {
    const user = await em.findOne(User, { id });
    if (!user) {
      throw notFound("user");
    }
    return readUserForAdmin(user);
  },
);

users.patch(
  "/:id",
  {
    operationId: "update_user",
    summary: "Change a user",
    description: "Change a user. Deactivating one ends all sessions of the user.",
    guard: admin,
    body: UserUpdateByAdmin,
    response: UserForAdmin,
    errors: [404, 409],
  },
  async ({ em, id, body }) => readUserForAdmin(await changeUser(em, id, body)),
);
