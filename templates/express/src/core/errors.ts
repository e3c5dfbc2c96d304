/** Errors, all of them answered as `application/problem+json` (RFC 9457). */

import { STATUS_CODES } from "node:http";
import {
  ForeignKeyConstraintViolationException,
  OptimisticLockError,
  UniqueConstraintViolationException,
} from "@mikro-orm/core";
import type { ErrorRequestHandler, Response } from "express";
import type { Logger } from "pino";
import type { z } from "zod";
import { requestId } from "#/core/logging.ts";

/** A place in the request: a JSON Pointer (RFC 6901) into the body, or a parameter. */
export type Place = { pointer: string; detail: string } | { parameter: string; detail: string };

interface ProblemOptions {
  type?: string;
  detail?: string;
  errors?: Place[];
  headers?: Record<string, string>;
}

// Node has older names for these two.
const TITLES: Record<number, string | undefined> = {
  ...STATUS_CODES,
  413: "Content Too Large",
  422: "Unprocessable Content",
};

export function titleOf(status: number): string {
  return TITLES[status] ?? "Error";
}

/** Throw it anywhere in a request; `type` is what a client's program reads. */
export class Problem extends Error {
  readonly status: number;
  readonly type: string;
  readonly detail: string | undefined;
  readonly errors: Place[] | undefined;
  readonly headers: Record<string, string>;

  constructor(status: number, options: ProblemOptions = {}) {
    super(options.detail ?? titleOf(status));
    this.status = status;
    this.type = options.type ? `urn:problem:${options.type}` : "about:blank";
    this.detail = options.detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  toJSON(): Record<string, unknown> {
    return {
      type: this.type,
      title: titleOf(this.status),
      status: this.status,
      detail: this.detail,
      errors: this.errors,
      request_id: this.status >= 500 ? requestId.getStore() : undefined,
    };
  }
}

export function notFound(what: string): Problem {
  return new Problem(404, { detail: `There is no such ${what}.` });
}

export function conflict(detail: string): Problem {
  return new Problem(409, { type: "conflict", detail });
}

export function invalid(errors: Place[]): Problem {
  return new Problem(422, {
    type: "validation-error",
    detail: "The request is not valid.",
    errors,
  });
}

export function malformedJson(): Problem {
  return new Problem(400, { type: "malformed-json", detail: "The body is not valid JSON." });
}

export function placesInBody(error: z.ZodError): Place[] {
  return error.issues.map(({ path, message }) => {
    const steps = path.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1"));
    return { pointer: ["#", ...steps].join("/"), detail: message };
  });
}

export function placesInQuery(error: z.ZodError): Place[] {
  return error.issues.map(({ path, message }) => ({
    parameter: String(path[0] ?? ""),
    detail: message,
  }));
}

export function sendProblem(res: Response, problem: Problem): void {
  res
    .status(problem.status)
    .set(problem.headers)
    .type("application/problem+json")
    .send(JSON.stringify(problem));
}

// SQLSTATE classes and codes of PostgreSQL, and what Node says of sockets.
const UNREACHABLE = /^(08|57P|53300|28|3D000|ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOST)/;
const NOT_COMPLETED = /^(57014|40001|40P01|55P03)/;
// Errors of pg that have no code.
const LOST = /Connection terminated|timeout exceeded when trying to connect|not queryable/;
const LATE = /Query read timeout/;
const SQLITE_BUSY = 5;
const SQLITE_CANTOPEN = 14;

/** Why the database did not answer, or undefined if the error is another one. */
export function databaseTrouble(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = "code" in cause ? String(cause.code) : "";
    const sqlite = "errcode" in cause ? Number(cause.errcode) & 0xff : 0;
    if (UNREACHABLE.test(code) || LOST.test(cause.message) || sqlite === SQLITE_CANTOPEN) {
      return "The database cannot be reached.";
    }
    if (NOT_COMPLETED.test(code) || LATE.test(cause.message) || sqlite === SQLITE_BUSY) {
      return "The database did not complete the request.";
    }
    if (cause instanceof AggregateError) {
      return databaseTrouble(cause.errors[0]);
    }
  }
  return undefined;
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof UniqueConstraintViolationException) {
    return conflict("A value that must be unique is already taken.");
  }
  if (error instanceof ForeignKeyConstraintViolationException) {
    return conflict("A referenced object is gone, or another one refers to this.");
  }
  if (error instanceof OptimisticLockError) {
    return conflict("It has been changed or deleted in the meantime.");
  }
  const trouble = databaseTrouble(error);
  if (trouble) {
    return new Problem(503, { detail: `${trouble} Try again soon.` });
  }
  // Express and its parsers throw errors with a status: 400, 413, 415.
  return new Problem(statusOf(error));
}

/** The last handler: every error becomes a problem, and one that is ours goes to the log. */
export function handleErrors(logger: Logger): ErrorRequestHandler {
  return (error, req, res, next) => {
    const problem = toProblem(error);
    if (problem.status >= 500 && !(req.destroyed && !res.writable)) {
      logger.error(error, problem.detail ?? "unhandled error");
    }
    if (res.headersSent) {
      next(error);
      return;
    }
    sendProblem(res, problem);
  };
}
