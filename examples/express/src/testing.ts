/** What tests share: an application with a database of its own, and clients that ask it over HTTP. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach } from "node:test";
import pg from "pg";
import { pino } from "pino";
import { closeServices, createApp, createServices } from "#/app.ts";
import { cost } from "#/auth/passwords.ts";
import { loadSettings, type Settings } from "#/core/config.ts";
import type { Mail, Mailer } from "#/core/mail.ts";
import type { Services } from "#/core/router.ts";
import { User } from "#/users/model.ts";

export const UNKNOWN = "01890000-0000-7000-8000-000000000000";
export const PASSWORD = "correct-horse-battery";

// Hashing is slow on purpose, which tests need not wait for.
Object.assign(cost, { memoryCost: 8, timeCost: 1, parallelism: 1 });

const environment = {
  SECRET_KEY: "a-key-for-tests-of-32-bytes-or-more",
  RATE_LIMITS: "off",
  DATABASE_URL: "sqlite:///:memory:",
};

export function testSettings(changes: Record<string, string> = {}): Settings {
  return loadSettings({ ...environment, ...changes });
}

/** A database of this file's own on the server of TEST_DATABASE_URL, or SQLite in memory. */
async function freshDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) {
    return { url: environment.DATABASE_URL, drop: async () => undefined };
  }
  const name = `test_${process.pid}_${Date.now()}`;
  const run = async (statement: string) => {
    const client = new pg.Client(server);
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await run(`create database "${name}"`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database "${name}" with (force)`) };
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  body: any;
}

type Options = { headers?: Record<string, string> };

export class Client {
  readonly #base: () => string;
  readonly #token: string | undefined;

  constructor(base: () => string, token?: string) {
    this.#base = base;
    this.#token = token;
  }

  async request(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (this.#token) {
      headers.set("Authorization", `Bearer ${this.#token}`);
    }
    const response = await fetch(this.#base() + path, { ...init, method, headers });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    const body = text && isJson ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body };
  }

  send(method: string, path: string, body: unknown, { headers }: Options = {}): Promise<Answer> {
    return this.request(method, path, {
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", ...headers },
    });
  }

  get(path: string, options: Options = {}): Promise<Answer> {
    return this.request("GET", path, options);
  }

  post(path: string, body: unknown = {}, options: Options = {}): Promise<Answer> {
    return this.send("POST", path, body, options);
  }

  patch(path: string, body: unknown, options: Options = {}): Promise<Answer> {
    return this.send("PATCH", path, body, options);
  }

  delete(path: string, options: Options = {}): Promise<Answer> {
    return this.request("DELETE", path, options);
  }
}

export class Person extends Client {
  readonly email: string;
  readonly pair: { access_token: string; refresh_token: string };

  constructor(base: () => string, email: string, pair: Person["pair"]) {
    super(base, pair.access_token);
    this.email = email;
    this.pair = pair;
  }
}

/** Keeps the emails, so that tests can read them. */
class Outbox implements Mailer {
  mails: Mail[] = [];

  send(mail: Mail): void {
    this.mails.push(mail);
  }

  async settle(): Promise<void> {}

  /** The token of the newest link to this address. */
  tokenFor(email: string): string {
    const mail = this.mails.findLast(({ to }) => to === email);
    assert.ok(mail, `there is no mail to ${email}`);
    return new URL(mail.link).searchParams.get("token") ?? "";
  }
}

export class TestApp extends Client {
  services!: Services;
  readonly outbox = new Outbox();
  base = "";
  #people = 0;

  constructor() {
    super(() => this.base);
  }

  async logIn(email: string, password = PASSWORD): Promise<Person> {
    const answer = await this.post("/api/v1/auth/login", { email, password });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return new Person(() => this.base, email, answer.body);
  }

  /** Someone new, who is signed in. */
  async person(email?: string): Promise<Person> {
    this.#people += 1;
    const address = email ?? `person${this.#people}@example.com`;
    const body = { email: address, password: PASSWORD };
    const answer = await this.post("/api/v1/auth/register", body);
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    return this.logIn(address);
  }

  async admin(): Promise<Person> {
    const admin = await this.person();
    const em = this.services.orm.em.fork();
    await em.nativeUpdate(User, { email: admin.email }, { role: "admin" });
    return admin;
  }
}

/** Serve the application while the tests of this file run, each on an empty database. */
export function useApp(changes: Record<string, string> = {}): TestApp {
  const app = new TestApp();
  const server = createServer();
  let drop: () => Promise<void>;

  before(async () => {
    const database = await freshDatabase();
    drop = database.drop;
    const settings = testSettings({ DATABASE_URL: database.url, ...changes });
    const services = await createServices(settings, pino({ enabled: false }));
    app.services = { ...services, mailer: app.outbox };
    await services.orm.schema.create();
    server.on("request", createApp(app.services)).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    app.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(async () => {
    await app.services.orm.schema.clear();
    app.outbox.mails = [];
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await closeServices(app.services);
    await drop();
  });
  return app;
}
