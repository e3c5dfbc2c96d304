/** The application: middleware, routes and the handling of errors. */

import express, { type Express } from "express";
import { api } from "#/api.ts";
import { securitySchemes } from "#/auth/guard.ts";
import type { Settings } from "#/core/config.ts";
import { openDatabase } from "#/core/database.ts";
import { docsRouter } from "#/core/docs.ts";
import { handleErrors, Problem } from "#/core/errors.ts";
import { health } from "#/core/health.ts";
import { createLimiter } from "#/core/limits.ts";
import { createLogger } from "#/core/logging.ts";
import { createMailer } from "#/core/mail.ts";
import { allowHosts, allowOrigins, identify, noStore, securityHeaders } from "#/core/middleware.ts";
import { buildDocument } from "#/core/openapi.ts";
import type { Services } from "#/core/router.ts";
import { entities } from "#/entities.ts";

const TITLE = "shop";

export async function createServices(
  settings: Settings,
  logger = createLogger(settings),
): Promise<Services> {
  return {
    settings,
    logger,
    orm: openDatabase(settings, entities),
    limiter: await createLimiter(settings, logger),
    mailer: createMailer(settings, logger),
  };
}

export async function closeServices(services: Services): Promise<void> {
  await services.mailer.settle();
  services.limiter.close();
  await services.orm.close(true);
}

export function createApp(services: Services): Express {
  const { settings, logger } = services;
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.enable("strict routing").enable("case sensitive routing");
  app.set("trust proxy", settings.FORWARDED_ALLOW_IPS);

  app.use(identify(logger));
  app.use(securityHeaders(settings));
  if (settings.CORS_ORIGINS.length > 0) {
    app.use(allowOrigins(settings));
  }
  app.use(allowHosts(settings));
  app.use("/api/v1/auth", noStore);

  for (const router of [health, ...api]) {
    app.use(router.mount(services));
  }
  app.use(docsRouter(settings, TITLE, () => openApiDocument(settings)));
  app.use(() => {
    throw new Problem(404, { detail: "There is nothing at this path." });
  });
  app.use(handleErrors(logger));
  return app;
}

export function openApiDocument(settings: Settings): object {
  return buildDocument([health, ...api], {
    title: TITLE,
    rootPath: settings.ROOT_PATH,
    securitySchemes: securitySchemes(settings.ROOT_PATH),
  });
}
