/** Sending email: to a folder in development, through SMTP in production. */

import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport, type SendMailOptions } from "nodemailer";
import type { Logger } from "pino";
import { v7 as uuidv7 } from "uuid";
import type { Settings } from "#/core/config.ts";

export interface Mail {
  to: string;
  subject: string;
  text: string;
  link: string;
}

export interface Mailer {
  /** Deliver an email while the client has its response; a failure is logged. */
  send(mail: Mail): void;
  /** Wait until all emails are sent. */
  settle(): Promise<void>;
}

const PLAIN = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit";

type Deliver = (message: SendMailOptions) => Promise<void>;

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** An email in plain text and HTML, with one link. */
export function compose(from: string, { to, subject, text, link }: Mail): SendMailOptions {
  const address = escapeHtml(link);
  return {
    from,
    to,
    subject,
    // Without line breaks, so that the link can be copied from the file.
    text: {
      raw: `${PLAIN}\n\n${text}\n\n${link}\n`,
    },
    html: `<p>${escapeHtml(text)}</p>\n<p><a href="${address}">${address}</a></p>\n`,
  };
}

async function render(message: SendMailOptions): Promise<Buffer> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "unix" });
  const { message: bytes } = await transport.sendMail(message);
  return bytes as Buffer;
}

function toFolder(folder: string): Deliver {
  return async (message) => {
    await mkdir(folder, { recursive: true });
    const partial = join(folder, `${uuidv7()}.partial`);
    await writeFile(partial, await render(message));
    await rename(partial, partial.replace(/partial$/, "eml"));
  };
}

async function toConsole(message: SendMailOptions): Promise<void> {
  console.log(String(await render(message)));
}

function toServer(address: string): Deliver {
  const url = new URL(address);
  const secure = url.protocol === "smtps:";
  const transport = createTransport({
    host: url.hostname || "localhost",
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    // A password is never sent without TLS.
    requireTLS: Boolean(url.username),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 10_000,
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
  });
  return async (message) => {
    await transport.sendMail(message);
  };
}

function transportOf(url: string): Deliver {
  if (url.startsWith("file://")) {
    return toFolder(url.slice("file://".length));
  }
  return url.startsWith("console:") ? toConsole : toServer(url);
}

export function createMailer(settings: Settings, logger: Logger): Mailer {
  const deliver = transportOf(settings.MAIL_URL);
  const pending = new Set<Promise<void>>();
  return {
    send(mail) {
      const delivery = deliver(compose(settings.MAIL_FROM, mail))
        .catch((error) => logger.error(error, `email not sent: ${mail.subject}`))
        .finally(() => pending.delete(delivery));
      pending.add(delivery);
    },
    async settle() {
      await Promise.all(pending);
    },
  };
}
