import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pino } from "pino";
import { createMailer } from "#/core/mail.ts";
import { testSettings } from "#/testing.ts";

const silent = pino({ enabled: false });
const mail = {
  to: "anna@example.com",
  subject: "Hello",
  text: "A link & more.",
  link: `https://shop.example.com/verify-email?token=${"x".repeat(300)}&a=b`,
};

test("a mail is one file, in which the link can be copied", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "mail-"));
  t.after(() => rm(folder, { recursive: true }));
  const mailer = createMailer(testSettings({ MAIL_URL: `file://${folder}` }), silent);
  mailer.send(mail);
  await mailer.settle();

  const [name = ""] = await readdir(folder);
  assert.match(name, /\.eml$/);
  const text = await readFile(join(folder, name), "utf8");
  assert.match(text, /^To: anna@example.com$/m);
  assert.match(text, /^From: noreply@localhost$/m);
  assert.ok(text.includes(`\n${mail.link}\n`), text);
  assert.match(text, /A link &amp; more/);
});

test("a mail may be printed", async (t) => {
  const print = t.mock.method(console, "log", () => undefined);
  const mailer = createMailer(testSettings({ MAIL_URL: "console:" }), silent);
  mailer.send(mail);
  await mailer.settle();

  assert.match(String(print.mock.calls[0]?.arguments[0]), /Subject: Hello/);
});

test("a mail is given to a server", async (t) => {
  const lines: string[] = [];
  const server = createServer((socket) => {
    let inData = false;
    socket.write("220 ready\r\n");
    socket.on("data", (chunk) => {
      for (const line of String(chunk).split("\r\n")) {
        lines.push(line);
        if (inData ? line === "." : /^(EHLO|MAIL|RCPT|QUIT)/.test(line)) {
          inData = false;
          socket.write("250 ok\r\n");
        } else if (line === "DATA") {
          inData = true;
          socket.write("354 go on\r\n");
        }
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const mailer = createMailer(testSettings({ MAIL_URL: `smtp://127.0.0.1:${port}` }), silent);
  mailer.send(mail);
  await mailer.settle();

  assert.ok(lines.includes("RCPT TO:<anna@example.com>"), lines.join("\n"));
  assert.ok(lines.includes("Subject: Hello"));
});

test("a server without TLS gets no password, and the failure is logged", async (t) => {
  const logger = pino({ enabled: false });
  const error = t.mock.method(logger, "error");
  const url = "smtp://user:secret@127.0.0.1:1";
  const mailer = createMailer(testSettings({ MAIL_URL: url }), logger);
  mailer.send(mail);
  await mailer.settle();

  assert.equal(error.mock.callCount(), 1);
  assert.doesNotMatch(JSON.stringify(error.mock.calls[0]?.arguments), /secret/);
});
