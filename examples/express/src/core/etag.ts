/** Entity tags, which prevent lost updates (RFC 9110, section 13). */

import type { Request } from "express";
import { Problem } from "#/core/errors.ts";
import type { Stamps } from "#/core/record.ts";

export function etag(record: Stamps): string {
  return `"${record.updated_at.getTime()}"`;
}

/** Throw 412 if the client names another version than the newest. */
export function checkIfMatch(req: Request, record: Stamps): void {
  const ifMatch = req.get("if-match");
  if (ifMatch === undefined || ifMatch.trim() === "*") {
    return;
  }
  const tags = ifMatch.split(",").map((tag) => tag.trim());
  if (!tags.includes(etag(record))) {
    throw new Problem(412, {
      type: "precondition-failed",
      detail: "This object has changed since you read it.",
    });
  }
}
