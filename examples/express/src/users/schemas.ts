/** Request and response bodies of /users. */

import { z } from "zod";
import { pageOf, searchQuery, sortBy } from "#/core/pages.ts";
import { createdAt, flag, id, queryFlag, text } from "#/core/values.ts";
import { roles, type User } from "#/users/model.ts";

const Role = z.enum(roles).meta({ id: "Role" });

export const userName = text(1, 200, "Name, of 1 to 200 characters.");

const read = {
  id,
  email: z.string().meta({ description: "Email address, in lower case.", format: "email" }),
  name: z.string().nullable().meta({ description: "Name of the person." }),
  role: Role.meta({ description: "What the user may do." }),
  email_verified: z
    .boolean()
    .meta({ description: "Whether the user has opened the emailed link." }),
  created_at: createdAt,
};

export const UserRead = z.object(read).meta({ id: "UserRead" });

export const UserForAdmin = z
  .object({
    ...read,
    is_active: z.boolean().meta({ description: "Whether the user may log in." }),
  })
  .meta({ id: "UserForAdmin" });

export const UserForAdminPage = pageOf(UserForAdmin, "UserForAdminPage", "A page of users.");

const name = userName.nullable().optional();

export const UserUpdate = z.object({ name }).meta({ id: "UserUpdate" });

export const UserUpdateByAdmin = z
  .object({
    name,
    role: Role.optional().meta({ description: "What the user may do." }),
    is_active: flag.optional().meta({ description: "False ends all sessions." }),
  })
  .meta({ id: "UserUpdateByAdmin" });

export const UserQuery = z.object({
  ...searchQuery,
  role: Role.optional().meta({ description: "Only users of this role." }),
  is_active: queryFlag.optional().meta({ description: "Only active ones, or others." }),
  email_verified: queryFlag.optional().meta({ description: "Only verified ones, or others." }),
  sort: sortBy(["created_at", "email", "name"], "-created_at"),
});

export function readUser(user: User): z.input<typeof UserRead> {
  const { id, email, name, role, email_verified, created_at } = user;
  return { id, email, name, role, email_verified, created_at };
}

export function readUserForAdmin(user: User): z.input<typeof UserForAdmin> {
  return { ...readUser(user), is_active: user.is_active };
}
