/** Request bodies: strict JSON (RFC 8259), and forms where a route takes one. */

import { isUtf8 } from "node:buffer";
import express, { type RequestHandler } from "express";
import { malformedJson, Problem } from "#/core/errors.ts";

/** Express decodes bytes that are no text, and takes an empty body for an empty object. */
function refuseOtherBytes(_req: unknown, _res: unknown, bytes: Buffer): void {
  if (bytes.length === 0 || !isUtf8(bytes)) {
    throw malformedJson();
  }
}

function tooLarge(): Problem {
  return new Problem(413, { detail: "The body is too large." });
}

function parser(
  parse: RequestHandler,
  limit: number,
  type: string,
  article: string,
): RequestHandler {
  return (req, res, next) => {
    if (req.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== type) {
      next(new Problem(415, { detail: `Send ${article}, with Content-Type: ${type}.` }));
      return;
    }
    // Express would read all of it before it refuses it.
    if (Number(req.headers["content-length"] ?? 0) > limit) {
      next(tooLarge());
      return;
    }
    let size = 0;
    req.on("data", (bytes: Buffer) => {
      size += bytes.length;
      if (size > limit && size - bytes.length <= limit) {
        next(tooLarge());
      }
    });
    parse(req, res, (error) => {
      if (size <= limit) {
        next(error?.type === "entity.parse.failed" ? malformedJson() : error);
      }
    });
  };
}

export function jsonBody(limit: number): RequestHandler {
  const parse = express.json({ limit, strict: false, inflate: false, verify: refuseOtherBytes });
  return parser(parse, limit, "application/json", "JSON");
}

export function formBody(limit: number): RequestHandler {
  const parse = express.urlencoded({
    extended: false,
    limit,
    inflate: false,
    parameterLimit: 100,
    verify: refuseOtherBytes,
  });
  return parser(parse, limit, "application/x-www-form-urlencoded", "a form");
}
