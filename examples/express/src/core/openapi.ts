/** The OpenAPI document: every status a route can answer, with its headers and problem schema. */

import { z } from "zod";
import { createDocument } from "zod-openapi";
import { titleOf } from "#/core/errors.ts";
import type { Route, Routes } from "#/core/router.ts";

const DESCRIPTION = `\
In development, the first request is three commands in the folder of the project:

\`\`\`
DEMO_PASSWORD=demo-passphrase npm run -s seed
TOKEN=$(curl -s localhost:8000/api/v1/auth/token -d grant_type=password \\
  -d username=demo@example.com -d password=demo-passphrase |
  grep -o '"access_token": *"[^"]*' | cut -d '"' -f 4)
curl localhost:8000/api/v1/items -H "Authorization: Bearer $TOKEN"
\`\`\`

On this page, the button \`Authorize\` takes that email address and password. Programs send theirs to
\`POST /api/v1/auth/login\`, and the \`access_token\` of the response with every other request, as
\`Authorization: Bearer <access_token>\`. It is valid for some minutes; \`POST /api/v1/auth/refresh\`
exchanges the \`refresh_token\` for a new pair, once.

Every error is a problem (RFC 9457), in \`application/problem+json\`.
`;

type JsonSchema = z.core.JSONSchema.BaseSchema;

const ProblemError = z
  .object({
    pointer: z.string().optional().meta({ description: "JSON Pointer into the body." }),
    parameter: z.string().optional().meta({ description: "Name of the parameter." }),
    detail: z.string().meta({ description: "What is wrong with the value." }),
  })
  .meta({ id: "ProblemError", description: "One invalid value of a request." });

const ProblemDetails = z
  .object({
    type: z.string().meta({ description: "What programs read: a URN, or `about:blank`." }),
    title: z.string().meta({ description: "Name of the status." }),
    status: z.int().meta({ description: "The HTTP status." }),
    detail: z.string().optional().meta({ description: "What went wrong, for people." }),
    errors: z.array(ProblemError).optional().meta({ description: "All invalid values." }),
    request_id: z.string().optional().meta({ description: "Id of the request in the log." }),
  })
  .meta({ id: "ProblemDetails", description: "The body of every error (RFC 9457)." });

const HEADERS = {
  "X-Request-ID": { description: "Id of the request in the log.", schema: { type: "string" } },
  Location: { description: "Path of the new object.", schema: { type: "string" } },
  ETag: { description: "Version, for `If-Match`.", schema: { type: "string" } },
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } },
} as const;

function headers(...names: (keyof typeof HEADERS)[]) {
  return Object.fromEntries(
    [...names, "X-Request-ID" as const].map((name) => [name, HEADERS[name]]),
  );
}

/** The errors of a route itself, of its guard and its input, and those that every route has. */
function errorStatuses(route: Route): number[] {
  const ofInput = route.body ? [413, 415, 422] : route.query ? [422] : [];
  const all = [400, 500, 503, ...ofInput, ...(route.guard?.errors ?? []), ...(route.errors ?? [])];
  return [...new Set(all)].sort();
}

function responses(route: Route) {
  const status = route.status ?? 200;
  const success = {
    description: route.summary,
    headers: headers(...(route.headers ?? [])),
    ...(route.response && { content: { "application/json": { schema: route.response } } }),
  };
  const problem = (code: number) => ({
    description: titleOf(code),
    headers: headers(...(code === 429 ? (["Retry-After"] as const) : [])),
    content:
      code === 503 && route.unavailable
        ? { "application/json": { schema: route.unavailable } }
        : { "application/problem+json": { schema: ProblemDetails } },
  });
  return {
    [status]: success,
    ...Object.fromEntries(errorStatuses(route).map((code) => [code, problem(code)])),
  };
}

function parameters(route: Route, path: string) {
  const id = z.uuid().meta({ description: "Id of the object." });
  const ifMatch = z
    .string()
    .optional()
    .meta({ description: "ETag of the version that you have read." });
  return {
    ...(path.includes(":id") && { path: z.object({ id }) }),
    ...(route.query && { query: route.query }),
    ...(route.ifMatch && { header: z.object({ "If-Match": ifMatch }) }),
  };
}

function operation(route: Route, path: string, tag: string) {
  const media = route.form ? "application/x-www-form-urlencoded" : "application/json";
  return {
    operationId: route.operationId,
    tags: [tag],
    summary: route.summary,
    description: route.description ?? `${route.summary}.`,
    requestParams: parameters(route, path),
    ...(route.body && {
      requestBody: { required: true, content: { [media]: { schema: route.body } } },
    }),
    responses: responses(route),
    ...(route.guard && { security: [{ [route.guard.scheme]: [] }] }),
  };
}

/** Leave out what says no more than the rest, or is only true of JavaScript. */
function simplify(schema: JsonSchema): void {
  if (schema.additionalProperties === false) {
    // Unknown fields are ignored.
    delete schema.additionalProperties;
  }
  delete schema.propertyNames;
  if ((schema.format && schema.format !== "decimal") || schema.type !== "string") {
    delete schema.pattern;
  }
  if (schema.type === "boolean") {
    delete schema.enum;
  }
  if (schema.minimum === Number.MIN_SAFE_INTEGER) {
    delete schema.minimum;
  }
  if (schema.maximum === Number.MAX_SAFE_INTEGER) {
    delete schema.maximum;
  }
}

/** What is optional or may be null is described as the schema that it wraps. */
function descriptionOf(schema: z.core.$ZodTypes): string | undefined {
  const description = z.globalRegistry.get(schema)?.description;
  const { def } = schema._zod;
  return (
    description ??
    ("innerType" in def ? descriptionOf(def.innerType as z.core.$ZodTypes) : undefined)
  );
}

interface About {
  title: string;
  /** The path prefix that a proxy strips. */
  rootPath: string;
  securitySchemes: Record<string, object>;
}

export function buildDocument(routers: readonly Routes[], about: About): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const router of routers) {
    for (const { method, path, route } of router.list()) {
      const template = path.replace(":id", "{id}");
      paths[template] = { ...paths[template], [method]: operation(route, path, router.tag) };
    }
  }
  return createDocument(
    {
      openapi: "3.1.1",
      info: { title: about.title, version: "0.1.0", description: DESCRIPTION },
      ...(about.rootPath && { servers: [{ url: about.rootPath }] }),
      paths,
      components: { securitySchemes: about.securitySchemes as never },
    },
    {
      override: ({ jsonSchema, zodSchema }) => {
        simplify(jsonSchema);
        const description = descriptionOf(zodSchema);
        if (description) {
          jsonSchema.description ??= description;
        }
      },
    },
  );
}
