/** Middleware: request id, log line, security headers, allowed hosts and CORS. */

import { randomUUID } from "node:crypto";
import cors from "cors";
import type { Request, RequestHandler } from "express";
import helmet from "helmet";
import type { Logger } from "pino";
import type { Settings } from "#/core/config.ts";
import { Problem } from "#/core/errors.ts";
import { requestId } from "#/core/logging.ts";

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Give each request an id, and the log a line when it has been answered. */
export function identify(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const given = req.get("x-request-id") ?? "";
    const id = SANE_REQUEST_ID.test(given) ? given : randomUUID().replaceAll("-", "");
    const started = performance.now();
    res.set("X-Request-ID", id);
    const { method, path } = req;
    requestId.run(id, () => {
      res.on("close", () => {
        const line = {
          method,
          path,
          status: res.writableFinished ? res.statusCode : "aborted",
          ms: Math.round((performance.now() - started) * 10) / 10,
          client: req.ip,
          request_id: id,
        };
        // Load balancers check every few seconds.
        logger[path.startsWith("/health/") ? "debug" : "info"](line, "request");
      });
      next();
    });
  };
}

const YEAR = 365 * 24 * 3600;
const none = ["'none'"];
const own = ["'self'"];

export function securityHeaders(settings: Settings): RequestHandler {
  const shared = {
    frameguard: { action: "deny" as const },
    // Subdomains may have no TLS.
    strictTransportSecurity: settings.production && { maxAge: YEAR, includeSubDomains: false },
  };
  const api = helmet({
    ...shared,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: none, frameAncestors: none },
    },
  });
  const docs = helmet({
    ...shared,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: none,
        connectSrc: own,
        imgSrc: [...own, "data:"],
        scriptSrc: own,
        styleSrc: [...own, "'unsafe-inline'"],
        frameAncestors: none,
      },
    },
  });
  return (req, res, next) => (req.path === "/docs" ? docs : api)(req, res, next);
}

export const noStore: RequestHandler = (_req, res, next) => {
  res.set("Cache-Control", "no-store");
  next();
};

/** The hosts that the request names, without the port. */
function hostsOf(req: Request): string[] {
  const hosts = req.headersDistinct.host ?? [""];
  return hosts.map((host) => host.toLowerCase().replace(/:\d+$/, ""));
}

/** Refuse hosts that are not in ALLOWED_HOSTS. */
export function allowHosts(settings: Settings): RequestHandler {
  const allowed = new Set(settings.ALLOWED_HOSTS.map((host) => host.toLowerCase()));
  return (req, _res, next) => {
    const isAllowed = allowed.has("*") || hostsOf(req).every((host) => allowed.has(host));
    // Load balancers check the health of an address, not of a name.
    if (!isAllowed && !req.path.startsWith("/health/")) {
      throw new Problem(400, { detail: "This host is not one of ALLOWED_HOSTS." });
    }
    next();
  };
}

export function allowOrigins(settings: Settings): RequestHandler {
  const origins = settings.CORS_ORIGINS;
  return cors({
    origin: origins.includes("*") ? "*" : origins,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposedHeaders: ["ETag", "Location", "Retry-After", "X-Request-ID"],
    maxAge: 600,
  });
}
