/** The commands behind `npm run dev`, `npm run serve` and the other scripts. */

import { spawn } from "node:child_process";
import cluster from "node:cluster";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { start } from "node:repl";
import { parseArgs } from "node:util";
import { api } from "#/api.ts";
import { openApiDocument } from "#/app.ts";
import { EmailAddress, newPassword } from "#/auth/schemas.ts";
import { loadSettings, type Settings, SettingsError } from "#/core/config.ts";
import { type Database, openDatabase } from "#/core/database.ts";
import { databaseTrouble, Problem } from "#/core/errors.ts";
import { health } from "#/core/health.ts";
import { createLogger } from "#/core/logging.ts";
import { compareMigrations, hasChanges, makeMigrations, migrate } from "#/core/migrations.ts";
import { entities } from "#/entities.ts";
import { seed } from "#/seed.ts";
import { serve, serveInProcesses } from "#/server.ts";
import { saveAdmin } from "#/users/service.ts";

/** Ends a command with one line that says why. */
class CommandError extends Error {}

interface Command {
  usage: string;
  help: string;
  run(args: string[]): Promise<void>;
}

async function withDatabase(work: (orm: Database, settings: Settings) => Promise<void>) {
  const settings = loadSettings();
  const orm = openDatabase(settings, entities);
  try {
    await work(orm, settings);
  } finally {
    await orm.close(true);
  }
}

/** Copy .env.example to .env, with a new secret key. */
function createEnvFile(): void {
  const key = `SECRET_KEY=${randomBytes(32).toString("hex")}`;
  const text = readFileSync(".env.example", "utf8").replace(/^SECRET_KEY=.*$/m, key);
  writeFileSync(".env", text, { mode: 0o600 });
  console.log("Created .env from .env.example.");
}

function refuseMissing(missing: string[]): void {
  if (missing.length > 0) {
    const names = missing.join(", ");
    throw new CommandError(`The database lacks the migrations ${names}: run \`npm run migrate\`.`);
  }
}

async function applyMigrations(args: string[] = []): Promise<void> {
  const { values } = parseArgs({ args, options: { check: { type: "boolean", default: false } } });
  await withDatabase(async (orm, settings) => {
    if (values.check) {
      refuseMissing((await compareMigrations(orm, settings)).missing);
      console.log("Nothing to migrate.");
      return;
    }
    const applied = await migrate(orm, settings);
    console.log(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "Nothing to migrate.");
  });
}

async function dev(): Promise<void> {
  if (!existsSync(".env")) {
    createEnvFile();
  }
  await applyMigrations();
  const child = spawn(process.execPath, ["--watch", "src/cli.ts", "serve"], { stdio: "inherit" });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  // Ctrl-C reaches the child by itself.
  process.on("SIGINT", () => undefined);
  await new Promise<void>((resolve) => {
    child.on("exit", (code) => {
      process.exitCode = code ?? 0;
      resolve();
    });
  });
}

/** Refuse a database that lacks migrations. A newer one is fine: the code is rolled back. */
async function checkMigrations(settings: Settings): Promise<void> {
  const orm = openDatabase(settings, entities);
  try {
    const { missing, unknown } = await compareMigrations(orm, settings);
    if (unknown.length > 0) {
      const logger = createLogger(settings);
      logger.warn(`warning: the database is newer than this code: ${unknown.join(", ")}`);
    } else {
      refuseMissing(missing);
    }
  } catch (error) {
    // While the database is away, /health/ready says when it is back.
    if (!databaseTrouble(error)) {
      throw error;
    }
  } finally {
    await orm.close(true);
  }
}

async function serveForever(): Promise<void> {
  const settings = loadSettings();
  if (cluster.isPrimary && settings.production) {
    await checkMigrations(settings);
  }
  if (cluster.isPrimary && settings.WORKERS > 1) {
    await serveInProcesses(settings);
  } else {
    await serve(settings);
  }
}

async function writeMigrations(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      message: { type: "string", short: "m" },
      empty: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
    },
  });
  const settings = loadSettings();
  if (values.check) {
    if (await hasChanges(settings, entities)) {
      throw new CommandError("The entities have changes that no migration has.");
    }
    console.log("The entities have no changes.");
    return;
  }
  if (!values.message) {
    throw new CommandError('Say what changes: npm run makemigrations -- -m "add a price"');
  }
  const name = values.message.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  const files = await makeMigrations(settings, entities, { name, empty: values.empty });
  console.log(files.length > 0 ? `Wrote ${files.join(", ")}.` : "The entities have no changes.");
}

async function askPassword(): Promise<string> {
  if (process.env.ADMIN_PASSWORD) {
    return process.env.ADMIN_PASSWORD;
  }
  if (!process.stdin.isTTY) {
    throw new CommandError("There is nobody to ask for a password: set ADMIN_PASSWORD.");
  }
  process.stdout.write("Password: ");
  // Without an output, nothing that is typed is shown.
  const reader = createInterface({ input: process.stdin, terminal: true });
  const password = await reader.question("");
  reader.close();
  process.stdout.write("\n");
  return password;
}

async function createAdmin(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const address = EmailAddress.safeParse({ email: positionals[0] });
  if (!address.success) {
    throw new CommandError("Name an email address: npm run create-admin you@example.com");
  }
  const password = newPassword.safeParse(await askPassword());
  if (!password.success) {
    throw new CommandError(`The password ${password.error.issues[0]?.message}.`);
  }
  const { email } = address.data;
  await withDatabase(async (orm) => {
    const isNew = await saveAdmin(orm.em.fork(), email, password.data);
    const kept = isNew ? "" : " Its password is unchanged.";
    console.log(`The account ${email} is now an administrator.${kept}`);
  });
}

async function fillDatabase(): Promise<void> {
  await withDatabase(async (orm) => console.log(await seed(orm.em.fork())));
}

async function listRoutes(): Promise<void> {
  const lines = [health, ...api]
    .flatMap((routes) => routes.list())
    .map(({ method, path }) => `${method.toUpperCase().padEnd(7)} ${path.replace(":id", "{id}")}`);
  console.log(lines.join("\n"));
}

/** Start an interactive Node that knows the entities, and `em` to find and change rows with. */
async function openShell(): Promise<void> {
  await withDatabase(async (orm) => {
    const shell = start();
    const named = entities.map((entity) => [entity.meta.className, entity]);
    Object.assign(shell.context, Object.fromEntries(named), { em: orm.em.fork() });
    await once(shell, "exit");
  });
}

async function printDocument(): Promise<void> {
  console.log(JSON.stringify(openApiDocument(loadSettings()), null, 2));
}

const commands: Record<string, Command> = {
  dev: { usage: "", help: "create what is missing, migrate, serve with reload", run: dev },
  serve: { usage: "", help: "serve in production", run: serveForever },
  migrate: { usage: "[--check]", help: "bring the database up to date", run: applyMigrations },
  makemigrations: {
    usage: "-m MESSAGE [--empty] [--check]",
    help: "write a migration from the changes of the entities",
    run: writeMigrations,
  },
  "create-admin": {
    usage: "EMAIL",
    help: "create an administrator, or promote an existing user",
    run: createAdmin,
  },
  seed: { usage: "", help: "fill the database with demonstration data", run: fillDatabase },
  routes: { usage: "", help: "list every route with its method", run: listRoutes },
  shell: { usage: "", help: "Node with the entities and the database", run: openShell },
  openapi: { usage: "", help: "print the OpenAPI document", run: printDocument },
};

function usage(): string {
  const lines = Object.entries(commands).map(
    ([name, { usage, help }]) => `  ${`${name} ${usage}`.padEnd(46)} ${help}`,
  );
  return ["Usage: node src/cli.ts COMMAND", "", ...lines].join("\n");
}

const REFUSALS = [CommandError, SettingsError, Problem];

/** Why a command failed, in one line, or undefined for what deserves a stack trace. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof Error && REFUSALS.some((refusal) => error instanceof refusal)) {
    return error.message;
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("ERR_PARSE_ARGS") && error instanceof Error) {
    return error.message;
  }
  if (databaseTrouble(error)) {
    return "The database cannot be reached. (Is DATABASE_URL right?)";
  }
  if (error instanceof Error && /no such table|relation .* does not exist/.test(error.message)) {
    return "The database lacks tables. (Did `npm run migrate` run?)";
  }
  return undefined;
}

export async function main([name = "", ...args]: string[]): Promise<void> {
  const command = commands[name];
  if (!command) {
    console.error(usage());
    process.exitCode = 2;
    return;
  }
  try {
    await command.run(args);
  } catch (error) {
    console.error(reasonOf(error) ?? error);
    process.exitCode = 1;
  }
}
