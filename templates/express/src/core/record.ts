/** What every record has: an id and the times of its creation and last change. */

import { p } from "@mikro-orm/core";
import { v7 as uuidv7 } from "uuid";

export interface Stamps {
  id: string;
  created_at: Date;
  updated_at: Date;
}

/** The time of a change: later than the last one, so that it tells versions apart. */
export function later(last: Date): Date {
  return new Date(Math.max(Date.now(), last.getTime() + 1));
}

/** A column of text with a few possible values; a new one needs no migration. */
export function choice<const T extends string>(_values: readonly T[]) {
  return p.string().length(20).$type<T>();
}

export const record = {
  id: p
    .uuid()
    .primary()
    .onCreate(() => uuidv7()),
  created_at: p.datetime(6).onCreate((row: Stamps) => row.created_at ?? new Date()),
  // A new record has not been changed: both of its times are the same.
  updated_at: p
    .datetime(6)
    .onCreate((row: Stamps) => row.created_at ?? new Date())
    .onUpdate((row: Stamps) => later(row.updated_at)),
};
