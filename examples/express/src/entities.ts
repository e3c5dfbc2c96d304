/** The map of the database: one line for each entity. */

import { Session } from "#/auth/model.ts";
import { Item } from "#/items/model.ts";
import { User } from "#/users/model.ts";

export const entities = [
  User,
  Session,
  Item,
  // Entities of your own go below this line.
];
