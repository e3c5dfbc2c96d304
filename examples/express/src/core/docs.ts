/** The entry point `/`, the OpenAPI document and its page `/docs`. */

import express, { Router } from "express";
import absolutePath from "swagger-ui-dist/absolute-path.js";
import type { Settings } from "#/core/config.ts";

// Relative addresses, which a path prefix does not change.
function page(title: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${title}</title>
    <link rel="icon" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
  </head>
  <body>
    <div id="page"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;
}

const START = 'SwaggerUIBundle({ dom_id: "#page", url: "openapi.json", deepLinking: true });\n';
const STARTED = new Date();

export function docsRouter(settings: Settings, title: string, build: () => object): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const links = { api: "/api/v1", health: "/health/ready" };
  const shown = settings.docs ? { ...links, docs: "/docs", openapi: "/openapi.json" } : links;
  const index = Object.entries(shown).map(([name, path]) => [name, settings.ROOT_PATH + path]);
  router.get("/", (_req, res) => {
    res.json(Object.fromEntries(index));
  });
  if (!settings.docs) {
    return router;
  }
  let document: string | undefined;
  router.get("/openapi.json", (_req, res) => {
    document ??= JSON.stringify(build());
    res.type("json").send(document);
  });
  router.get("/docs", (_req, res) => {
    res.type("html").send(page(title));
  });
  router.get("/docs/start.js", (_req, res) => {
    res.set("Last-Modified", STARTED.toUTCString()).type("js").send(START);
  });
  // The page works without the internet: a package has its scripts.
  router.use("/docs", express.static(absolutePath(), { index: false, redirect: false }));
  return router;
}
