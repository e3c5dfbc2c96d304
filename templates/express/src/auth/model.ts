/** Sessions: one row for each device that is logged in. */

import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { v7 as uuidv7 } from "uuid";
import { User } from "#/users/model.ts";

/**
 * Deleting the row logs the device out at once, since every request looks for it.
 *
 * Only the SHA-256 of the refresh token is stored, so that a stolen database opens no session.
 */
export const Session = defineEntity({
  name: "Session",
  tableName: "sessions",
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => uuidv7()),
    user_id: () => p.manyToOne(User).mapToPk().deleteRule("cascade").index(),
    refresh_hash: p.string().length(64),
    user_agent: p.string().length(200),
    ip: p.string().length(45),
    created_at: p.datetime(6).onCreate(() => new Date()),
    last_used_at: p.datetime(6).onCreate(() => new Date()),
    expires_at: p.datetime(6),
  },
});

export type Session = InferEntity<typeof Session>;

/** The tables that Kysely joins. */
export interface AccountTables {
  users: User;
  sessions: Session;
}
