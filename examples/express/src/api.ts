/** The map of the API: one line for each folder that has routes. */

import { auth } from "#/auth/routes.ts";
import { items } from "#/items/routes.ts";
import { users } from "#/users/routes.ts";

export const api = [
  auth,
  users,
  items,
  // Routes of your own go below this line.
];
