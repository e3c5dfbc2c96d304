/**
 * Routes: the description of each is what checks its input, types its handler and documents it.
 *
 * A handler returns the body of the response; what else it needs of Express, it has as `req` and
 * `res`.
 */

import type { SqlEntityManager } from "@mikro-orm/sql";
import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Logger } from "pino";
import type { z } from "zod";
import { formBody, jsonBody } from "#/core/body.ts";
import type { Settings } from "#/core/config.ts";
import type { Database } from "#/core/database.ts";
import { invalid, notFound, Problem, placesInBody, placesInQuery } from "#/core/errors.ts";
import type { Limiter } from "#/core/limits.ts";
import type { Mailer } from "#/core/mail.ts";

/** What the application is made of. Every handler has it. */
export interface Services {
  settings: Settings;
  logger: Logger;
  orm: Database;
  limiter: Limiter;
  mailer: Mailer;
}

export interface Context extends Services {
  req: Request;
  res: Response;
  /** The unit of work of this request. */
  em: SqlEntityManager;
  /** The parameter `:id` of the path, a UUID. */
  id: string;
}

/** Lets a request in or throws a problem; what it returns, handlers have in their context. */
export interface Guard<Caller extends object = object> {
  check(context: Context): Promise<Caller>;
  /** The statuses that it throws. */
  errors: number[];
  /** The security scheme of the OpenAPI document. */
  scheme: string;
}

type Schema = z.ZodObject;

export interface Route<
  Body extends Schema = Schema,
  Query extends Schema = Schema,
  Result extends z.ZodType = z.ZodType,
  Caller extends object = object,
> {
  operationId: string;
  summary: string;
  description?: string;
  guard?: Guard<Caller>;
  query?: Query;
  body?: Body;
  /** Whether the body is a form, not JSON. */
  form?: boolean;
  /** Whether it honours the header If-Match. */
  ifMatch?: boolean;
  status?: 200 | 201 | 202 | 204;
  response?: Result;
  headers?: ("ETag" | "Location")[];
  /** The statuses that it answers beside those that every route can. */
  errors?: number[];
  /** The body of a 503, if it is no problem. */
  unavailable?: Result;
}

type Handler<Body extends Schema, Query extends Schema, Result extends z.ZodType, Caller> = (
  context: Context & Caller & { body: z.output<Body>; query: z.output<Query> },
) => Promise<z.input<Result>> | z.input<Result>;

type Method = "get" | "post" | "put" | "patch" | "delete";

interface Entry {
  method: Method;
  path: string;
  route: Route;
  handler: Handler<Schema, Schema, z.ZodType, object>;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export class Routes {
  readonly #prefix: string;
  readonly #entries: Entry[] = [];
  readonly tag: string;

  constructor(prefix: string, tag: string) {
    this.#prefix = prefix;
    this.tag = tag;
  }

  get = this.#adder("get");
  post = this.#adder("post");
  put = this.#adder("put");
  patch = this.#adder("patch");
  delete = this.#adder("delete");

  #adder(method: Method) {
    return <
      Body extends Schema = Schema,
      Query extends Schema = Schema,
      Result extends z.ZodType = z.ZodVoid,
      Caller extends object = object,
    >(
      path: string,
      route: Route<Body, Query, Result, Caller>,
      handler: Handler<Body, Query, Result, Caller>,
    ): void => {
      // The types that they share are checked here; a list of routes has no place for them.
      this.#entries.push({ method, path, route, handler } as unknown as Entry);
    };
  }

  /** Every route with its whole path. */
  list(): Entry[] {
    return this.#entries.map((entry) => ({ ...entry, path: this.#prefix + entry.path }));
  }

  /** The router of Express. */
  mount(services: Services): Router {
    const router = Router({ strict: true, caseSensitive: true });
    const entries = this.list();
    for (const { method, path, route, handler } of entries) {
      router[method](path, ...handlers(route, handler, services));
    }
    for (const path of new Set(entries.map((entry) => entry.path))) {
      const methods = entries.filter((entry) => entry.path === path).map((entry) => entry.method);
      router.all(path, refuseMethod(methods));
    }
    return router;
  }
}

function refuseMethod(methods: Method[]): RequestHandler {
  const allowed = methods.map((method) => method.toUpperCase());
  const allow = [...(methods.includes("get") ? ["HEAD"] : []), ...allowed].join(", ");
  return () => {
    throw new Problem(405, { headers: { Allow: allow } });
  };
}

function handlers(route: Route, handler: Entry["handler"], services: Services): RequestHandler[] {
  const { MAX_BODY_BYTES } = services.settings;
  const contexts = new WeakMap<Request, Context>();

  async function admit(req: Request, res: Response): Promise<Context> {
    const context: Context = {
      ...services,
      req,
      res,
      em: services.orm.em.fork(),
      id: String(req.params.id ?? "").toLowerCase(),
    };
    const caller = await route.guard?.check(context);
    if ("id" in req.params && !UUID.test(context.id)) {
      throw notFound("object");
    }
    return Object.assign(context, caller);
  }

  async function answer(req: Request, res: Response): Promise<void> {
    const context = contexts.get(req) ?? (await admit(req, res));
    const body = route.body ? checkBody(route.body, req.body) : {};
    const query = route.query ? checkQuery(route.query, req.query) : {};
    const result = await handler(Object.assign(context, { body, query }));
    res.status(res.statusCode === 200 ? (route.status ?? 200) : res.statusCode);
    if (route.response) {
      res.json(result);
    } else {
      res.end();
    }
  }

  if (!route.body) {
    return [answer];
  }
  // Who is not let in does not have their body read.
  const admitFirst: RequestHandler = async (req, res, next) => {
    contexts.set(req, await admit(req, res));
    next();
  };
  return [admitFirst, route.form ? formBody(MAX_BODY_BYTES) : jsonBody(MAX_BODY_BYTES), answer];
}

function checkBody(schema: Schema, given: unknown): Record<string, unknown> {
  const { data, error } = schema.safeParse(given);
  if (error) {
    throw invalid(placesInBody(error));
  }
  return data;
}

function checkQuery(schema: Schema, given: unknown): Record<string, unknown> {
  const { data, error } = schema.safeParse(given);
  if (error) {
    throw invalid(placesInQuery(error));
  }
  return data;
}
