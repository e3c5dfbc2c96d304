/** Express with MikroORM and Zod, as their documentation shows them. */

import { randomUUID } from "node:crypto";
import { defineEntity, type InferEntity, MikroORM, p, RequestContext } from "@mikro-orm/postgresql";
import express, { type RequestHandler } from "express";
import { jwtVerify } from "jose";
import { z } from "zod";

const { DATABASE_URL, HOST = "127.0.0.1", PORT, SECRET_KEY } = process.env;
const key = new TextEncoder().encode(SECRET_KEY);

const User = defineEntity({
  name: "User",
  tableName: "users",
  properties: {
    id: p.uuid().primary(),
    email: p.string(),
    name: p.string().nullable(),
    role: p.string(),
    is_active: p.boolean(),
    email_verified: p.boolean(),
    created_at: p.datetime(),
  },
});
const Session = defineEntity({
  name: "Session",
  tableName: "sessions",
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User),
    expires_at: p.datetime(),
  },
});
const Item = defineEntity({
  name: "Item",
  tableName: "items",
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => randomUUID()),
    owner: () => p.manyToOne(User),
    title: p.string(),
    description: p.text().nullable(),
    status: p.string(),
    due_on: p.date().nullable(),
    created_at: p.datetime().onCreate(() => new Date()),
    updated_at: p
      .datetime()
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  },
});

const orm = await MikroORM.init({
  clientUrl: DATABASE_URL,
  entities: [User, Session, Item],
  pool: { max: 20 },
});
const { em } = orm;
const app = express();
app.use(express.json());
app.use((_req, _res, next) => RequestContext.create(em, next));

app.get("/health/live", (_req, res) => {
  res.json({ status: "ok" });
});

const authenticate: RequestHandler = async (req, res, next) => {
  const { payload } = await jwtVerify(req.get("authorization")?.slice("Bearer ".length) ?? "", key);
  const session = await em.findOne(
    Session,
    { id: String(payload.sub), expires_at: { $gt: new Date() } },
    { populate: ["user"] },
  );
  if (!session?.user.is_active) {
    res.sendStatus(401);
    return;
  }
  res.locals.user = session.user;
  next();
};
app.use("/api/v1", authenticate);

function readItem(item: InferEntity<typeof Item>) {
  const { id, title, description, status, due_on, created_at, updated_at } = item;
  return { id, title, description, status, due_on, created_at, updated_at };
}

app.get("/api/v1/users/me", (_req, res) => {
  const { id, email, name, role, email_verified, created_at } = res.locals.user;
  res.json({ id, email, name, role, email_verified, created_at });
});

const Page = z.object({
  page: z.coerce.number().int().min(1).default(1),
  size: z.coerce.number().int().min(1).max(100).default(20),
});

app.get("/api/v1/items", async (req, res) => {
  const { page, size } = Page.parse(req.query);
  const [items, total] = await em.findAndCount(
    Item,
    { owner: res.locals.user.id },
    { orderBy: { created_at: "desc", id: "desc" }, limit: size, offset: (page - 1) * size },
  );
  res.json({ items: items.map(readItem), total, page, size });
});

const ItemCreate = z.object({
  title: z.string().min(1).max(200),
  description: z.string().nullable().default(null),
  status: z.enum(["todo", "doing", "done"]).default("todo"),
  due_on: z.iso.date().nullable().default(null),
});

app.post("/api/v1/items", async (req, res) => {
  const item = em.create(Item, { ...ItemCreate.parse(req.body), owner: res.locals.user.id });
  await em.flush();
  res.status(201).json(readItem(item));
});

app.get("/api/v1/items/:id", async (req, res) => {
  const item = await em.findOne(Item, { id: req.params.id, owner: res.locals.user.id });
  if (!item) {
    res.sendStatus(404);
    return;
  }
  res.json(readItem(item));
});

app.listen(Number(PORT), HOST);
