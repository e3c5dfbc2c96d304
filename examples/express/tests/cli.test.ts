import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, mock, test } from "node:test";
import { main } from "#/commands.ts";
import { PASSWORD } from "#/testing.ts";

const ENTITY = "Item";

let folder = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
  Object.assign(process.env, {
    ENVIRONMENT: "development",
    SECRET_KEY: "a-key-for-tests-of-32-bytes-or-more",
    DATABASE_URL: `sqlite:///${join(folder, "app.db")}`,
    LOG_FORMAT: "json",
    WORKERS: "1",
  });
});
after(() => rm(folder, { recursive: true }));

interface Result {
  code: number;
  output: string;
}

/** Run a command in this process. */
async function run(args: string[], more: NodeJS.ProcessEnv = {}): Promise<Result> {
  const before = { ...process.env };
  Object.assign(process.env, more);
  const lines: unknown[] = [];
  const keep = (line: unknown) => lines.push(line);
  const mocks = [mock.method(console, "log", keep), mock.method(console, "error", keep)];
  try {
    await main(args);
    return { code: Number(process.exitCode ?? 0), output: `${lines.join("\n")}\n` };
  } finally {
    process.exitCode = undefined;
    process.env = before;
    for (const { mock } of mocks) {
      mock.restore();
    }
  }
}

interface Started {
  server: ChildProcess;
  log(): string;
}

/** Start a server of two processes, on a port of this process's own, and wait until it listens. */
async function start(): Promise<Started> {
  const port = String(20_000 + (process.pid % 10_000));
  const env = { ...process.env, PORT: port, WORKERS: "2" };
  const server = spawn(process.execPath, ["src/cli.ts", "serve"], { env });
  let text = "";
  await new Promise<void>((resolve, reject) => {
    server.stderr.on("data", (chunk) => {
      text += chunk;
      if (text.includes("listening")) {
        resolve();
      }
    });
    server.on("exit", () => reject(new Error(text)));
  });
  return { server, log: () => text };
}

test("a command that does not exist is answered with all that do", async () => {
  const { code, output } = await run(["fly"]);

  assert.equal(code, 2);
  assert.match(output, /migrate \[--check\] +bring the database up to date/);
});

test("wrong settings are named, one on each line", async () => {
  const { code, output } = await run(["migrate"], { PORT: "x", WORKERS: "0" });

  assert.equal(code, 1);
  assert.match(output, /^PORT: .*\nWORKERS: .*\n$/);
});

test("a database that is away is said in one line", async () => {
  const away = { DATABASE_URL: "postgresql://127.0.0.1:1/none" };
  const { code, output } = await run(["migrate"], away);

  assert.equal(code, 1);
  assert.match(output, /^The database cannot be reached/);
});

test("without migrations, commands say what to run", async () => {
  const { code, output } = await run(["seed"], { DATABASE_URL: "sqlite:///:memory:" });

  assert.equal(code, 1);
  assert.match(output, /npm run migrate/);
});

test("a project is migrated and filled", async () => {
  assert.match((await run(["migrate", "--check"])).output, /lacks the migrations 0001_initial/);
  assert.match((await run(["migrate"])).output, /0001_initial/);
  assert.equal((await run(["seed"])).code, 0);
  const input = `await em.count(${ENTITY})\n`;
  const shell = spawnSync(process.execPath, ["src/cli.ts", "shell"], { input, encoding: "utf8" });
  assert.match(shell.stdout, /25/);
  const admin = ["create-admin", "root@example.com"];
  assert.match((await run(admin, { ADMIN_PASSWORD: "password123" })).output, /common/);
  assert.match((await run(admin)).output, /set ADMIN_PASSWORD/);
  assert.match((await run(admin, { ADMIN_PASSWORD: PASSWORD })).output, /administrator/);
  assert.match((await run(["create-admin", "x"])).output, /Name an email address/);
});

test("two processes serve, and end together", async () => {
  const { server, log } = await start();
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const base = /http:\/\/[\d.:]+/.exec(log())?.[0];

  assert.equal((await fetch(`${base}/health/ready`)).status, 200);
  server.kill("SIGTERM");
  assert.equal(await ended, 0, log());
});

test("production does not start on a database that lacks migrations", async () => {
  const production = {
    ENVIRONMENT: "production",
    MAIL_URL: "console:",
    PUBLIC_URL: "https://shop.example.com",
    DATABASE_URL: "sqlite:///:memory:",
  };
  const { code, output } = await run(["serve"], production);

  assert.equal(code, 1);
  assert.match(output, /lacks the migrations 0001_initial/);
});

test("routes and the document are printed", async () => {
  assert.match((await run(["routes"])).output, /^GET {5}\/health\/live$/m);
  assert.equal(JSON.parse((await run(["openapi"])).output).openapi, "3.1.1");
});

test("a migration is written only if something has changed", async () => {
  assert.match((await run(["makemigrations", "-m", "x"])).output, /no changes/);
  assert.match((await run(["makemigrations", "--check"])).output, /no changes/);
  assert.match((await run(["makemigrations"])).output, /Say what changes/);
});
