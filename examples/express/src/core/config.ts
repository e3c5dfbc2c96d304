/** Settings, read once from the environment and from `.env`. */

import { createSecretKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { parseEnv } from "node:util";
import { z } from "zod";

const list = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean));

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, "must be a whole number")
  .transform(Number);

const positive = wholeNumber.refine((number) => number > 0, "must be greater than 0");

function isOrigin(text: string): boolean {
  return (
    text === "*" || (!text.includes("*") && URL.canParse(text) && new URL(text).origin === text)
  );
}

function isNetwork(text: string): boolean {
  const [address = "", prefix = "0", ...rest] = text.split("/");
  const bits = isIP(address) === 4 ? 32 : 128;
  return rest.length === 0 && isIP(address) !== 0 && /^\d+$/.test(prefix) && Number(prefix) <= bits;
}

/** One key for each environment variable; `.env.example` explains them. */
export const schema = z.object({
  ENVIRONMENT: z.string().default("development"),
  SECRET_KEY: z
    .string("must be set")
    // RFC 7518, section 3.2: an HS256 key has at least 256 bits.
    .refine((key) => Buffer.byteLength(key) >= 32, "needs 32 bytes or more")
    .refine(
      (key) => !key.startsWith("change-me"),
      "is the example's; generate one with `openssl rand -hex 32`",
    )
    .transform((key) => createSecretKey(key, "utf8")),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:\/\/\/|postgres(ql)?:\/\/)/, "must begin with sqlite:/// or postgresql://")
    .default("sqlite:///app.db"),
  DATABASE_POOL_SIZE: positive.default(20),
  DATABASE_TIMEOUT_SECONDS: positive.default(30),
  ALLOWED_HOSTS: list
    .refine(
      (hosts) => hosts.every((host) => host === "*" || !host.includes("*")),
      "takes complete host names, or * for all",
    )
    .default(["localhost", "127.0.0.1", "[::1]"]),
  CORS_ORIGINS: list
    .refine(
      (origins) => origins.every(isOrigin),
      "takes origins, such as https://app.example.com, without a path",
    )
    .default([]),
  FORWARDED_ALLOW_IPS: list
    .refine((proxies) => proxies.every(isNetwork), "takes IP addresses and networks")
    .default(["127.0.0.1"]),
  ROOT_PATH: z
    .string()
    .transform((path) => path.replace(/^\/*(.*?)\/*$/, "/$1").replace(/^\/$/, ""))
    .default(""),
  MAX_BODY_BYTES: positive.default(1024 * 1024),
  DOCS: z.stringbool("must be true or false").optional(),

  PUBLIC_URL: z
    .string()
    .regex(/^https?:\/\//, "must begin with http:// or https://")
    .transform((url) => url.replace(/\/+$/, ""))
    .default("http://localhost:8000"),
  MAIL_URL: z
    .string()
    .regex(
      /^(file:\/\/|smtps?:\/\/|console:)/,
      "must begin with file://, smtp://, smtps:// or console:",
    )
    .default("file://./.mail"),
  MAIL_FROM: z.string().default("noreply@localhost"),

  ACCESS_TOKEN_SECONDS: positive.default(15 * 60),
  REFRESH_TOKEN_SECONDS: positive.default(30 * 24 * 3600),
  EMAIL_TOKEN_SECONDS: positive.default(24 * 3600),
  RESET_TOKEN_SECONDS: positive.default(3600),

  RATE_LIMITS: z.stringbool("must be on or off").default(true),
  RATE_LIMIT_STORAGE: z
    .string()
    .regex(/^(memory|rediss?):\/\//, "must begin with memory:// or redis://")
    .default("memory://"),

  HOST: z.string().default("127.0.0.1"),
  PORT: wholeNumber.refine((port) => port <= 65535, "must be at most 65535").default(8000),
  WORKERS: positive.default(1),
  LOG_LEVEL: z.enum(["DEBUG", "INFO", "WARNING", "ERROR"]).default("INFO"),
  LOG_FORMAT: z.enum(["text", "json"]).optional(),
});

const REQUIRED_IN_PRODUCTION = ["MAIL_URL", "PUBLIC_URL"];

export type Settings = z.output<typeof schema> & {
  /** Whether the rules of production hold, as they do in every environment but one. */
  production: boolean;
  docs: boolean;
  jsonLogs: boolean;
};

type Environment = Record<string, string | undefined>;

/** Thrown with one line for each setting that is wrong. */
export class SettingsError extends Error {}

/** Variables of the process come before those of `.env`; an empty one counts as left out. */
export function readEnvironment(): Environment {
  const file = existsSync(".env") ? parseEnv(readFileSync(".env", "utf8")) : {};
  const isSet = ([, value]: [string, string | undefined]) => value !== undefined && value !== "";
  return Object.fromEntries(
    [...Object.entries(file), ...Object.entries(process.env)].filter(isSet),
  );
}

export function loadSettings(environment: Environment = readEnvironment()): Settings {
  const { data, error } = schema.safeParse(environment);
  const problems = error?.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) ?? [];
  const production = (environment.ENVIRONMENT ?? "development") !== "development";
  for (const name of REQUIRED_IN_PRODUCTION) {
    if (production && !environment[name]) {
      problems.push(`${name}: must be set where ENVIRONMENT is not development`);
    }
  }
  if (!data || problems.length > 0) {
    throw new SettingsError(problems.map((line) => `${line} (see .env.example)`).join("\n"));
  }
  return {
    ...data,
    production,
    docs: data.DOCS ?? !production,
    jsonLogs: (data.LOG_FORMAT ?? (production ? "json" : "text")) === "json",
  };
}
